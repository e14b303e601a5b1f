using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mainstay.Contracts.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mainstay.Agent.Api;

/// <summary>Reads and writes the API's JSON, and turns what went wrong into an answer within the deadline.</summary>
internal static class Answers
{
    public static async Task Write<T>(HttpContext http, T reply, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(reply, type), http.RequestAborted).ConfigureAwait(false);
    }

    public static Task Error(HttpContext http, int status, string error, string text) =>
        Write(http, new ErrorReply { Error = error, Text = text }, ApiJson.Default.ErrorReply, status);

    public static Task Reply(HttpContext http, RequestReply reply) => Write(
        http,
        reply,
        ApiJson.Default.RequestReply,
        reply.Outcome switch
        {
            RequestOutcome.Accepted => StatusCodes.Status200OK,
            RequestOutcome.Refused => StatusCodes.Status409Conflict,
            RequestOutcome.Unknown => StatusCodes.Status504GatewayTimeout,
        });

    /// <summary>The request's body; a malformed one is an <see cref="AgentException"/> that says where.</summary>
    public static async Task<T> Body<T>(HttpContext http, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, type, cancel).ConfigureAwait(false)
                ?? throw new MalformedException("the request is empty");
        }
        catch (JsonException e)
        {
            throw new MalformedException($"the request is malformed: {e.Message}", e);
        }
    }

    /// <summary>Runs a handler within its deadline; what it throws becomes the answer.</summary>
    public static async Task Within(HttpContext http, TimeSpan limit, ILogger log, Func<CancellationToken, Task> handle)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        deadline.CancelAfter(limit);
        try
        {
            await handle(deadline.Token).ConfigureAwait(false);
        }
        catch (MalformedException e)
        {
            await Error(http, StatusCodes.Status400BadRequest, "malformed", e.Message).ConfigureAwait(false);
        }
        catch (AgentException e)
        {
            AgentLog.RequestFailed(log, http.Request.Path, e.Message);
            await Error(http, StatusCodes.Status409Conflict, "refused", e.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            await Error(http, StatusCodes.Status504GatewayTimeout, "timeout", $"no answer within {limit.TotalSeconds:0.#} s")
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The asker has gone.
        }
    }
}
