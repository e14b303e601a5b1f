using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Mainstay.Agent.Pki;
using Mainstay.Contracts.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mainstay.Agent.Api;

/// <summary>The two servers of an agent: the unix socket for root of this host, and mutual TLS for the other agents.</summary>
internal static class ApiServer
{
    private const long LargestBody = 1024 * 1024;

    /// <summary>Over the unix socket. File permissions are the whole access control: root only.</summary>
    public static WebApplication Local(string socket, ILoggerFactory logs, IEnumerable<(string, string, RequestDelegate)> endpoints)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(socket) ?? "/");
        File.Delete(socket);
        var app = Build(logs, kestrel => kestrel.ListenUnixSocket(socket));
        Map(app, endpoints);
        return app;
    }

    /// <summary>
    /// Over TLS, with a certificate of the cluster's authority on both sides; only the endpoints of a join are open to others, and they are
    /// protected by the token.
    /// </summary>
    /// <param name="isMember">Whether the cluster has a host of that name; certificates of hosts that were taken out are refused.</param>
    public static WebApplication Cluster(
        IEnumerable<string> addresses,
        int port,
        ClusterTrust trust,
        Func<string, bool> isMember,
        ILoggerFactory logs,
        IEnumerable<(string, string, RequestDelegate)> endpoints,
        IEnumerable<(string Method, string Path, RequestDelegate Handle)> open)
    {
        var https = new HttpsConnectionAdapterOptions
        {
            ServerCertificate = trust.Host,
            SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateMode = ClientCertificateMode.AllowCertificate,
            ClientCertificateValidation = (certificate, _, _) => trust.Accepts(certificate),
            HandshakeTimeout = TimeSpan.FromSeconds(5),
        };
        var app = Build(logs, kestrel =>
        {
            foreach (var address in addresses)
                kestrel.Listen(IPAddress.Parse(address), port, listen => listen.UseHttps(https));
        });
        Map(app, endpoints.Select(e => (e.Item1, e.Item2, MembersOnly(isMember, e.Item3))));
        Map(app, open);
        return app;
    }

    private static WebApplication Build(ILoggerFactory logs, Action<KestrelServerOptions> listen)
    {
        // Nothing by default: the other builders look for settings files and watch every directory below the working one for their change,
        // which for a daemon is "/": seconds of work and all inotify watches of the machine.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton<IHostLifetime, OwnLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxConcurrentConnections = 256;
            listen(kestrel);
        });
        return builder.Build();
    }

    private static void Map(WebApplication app, IEnumerable<(string Method, string Path, RequestDelegate Handle)> endpoints)
    {
        foreach (var (method, path, handle) in endpoints)
            app.MapMethods(path, [method], handle);
    }

    private static RequestDelegate MembersOnly(Func<string, bool> isMember, RequestDelegate handle) => http =>
    {
        if (http.Connection.ClientCertificate is not X509Certificate2 certificate)
            return Answers.Error(http, StatusCodes.Status403Forbidden, "refused", "a certificate of this cluster is needed");
        var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return isMember(name)
            ? handle(http)
            : Answers.Error(http, StatusCodes.Status403Forbidden, "refused", $"{name} is no member of this cluster any more");
    };

    /// <summary>The process decides when the servers end, not each of them by itself.</summary>
    private sealed class OwnLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancel) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;
    }
}
