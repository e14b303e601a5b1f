namespace Mainstay.Store.Etcd;

/// <summary>The PEM files an etcd member serves with. The certificate is valid for server and client use and names
/// every address of the host.</summary>
public sealed record EtcdTlsFiles(string AuthorityFile, string CertificateFile, string KeyFile);
