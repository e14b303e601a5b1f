/* Sends its standard input to a unix socket, and stays until the other side hangs up. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int count, char **words)
{
    char buffer[4096];
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int to = socket(AF_UNIX, SOCK_STREAM, 0);
    if (count != 2)
        return 2;
    strncpy(address.sun_path, words[1], sizeof address.sun_path - 1);
    if (to < 0 || connect(to, (struct sockaddr *)&address, sizeof address) != 0)
        return 1;
    for (ssize_t got; (got = read(0, buffer, sizeof buffer)) > 0;)
        if (write(to, buffer, got) != got)
            return 1;
    while (read(to, buffer, sizeof buffer) > 0)
        ;
    return 0;
}
