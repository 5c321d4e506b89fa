package io.sendport.console.http;

import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Turns errors of Jetty into problem responses, without any text from the request. */
final class PlainErrors extends ErrorHandler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        // A request that was cut off is not a wrong one: its client may send it again.
        if (isCutOff(request.getAttribute(ERROR_EXCEPTION))) {
            response.setStatus(HttpStatus.REQUEST_TIMEOUT_408);
        }
        int status = response.getStatus();
        Map<String, Object> body = Map.of(
                "type",
                "about:blank",
                "title",
                String.valueOf(HttpStatus.getMessage(status)),
                "status",
                status,
                "problems",
                List.of());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
        response.getHeaders().put("Cache-Control", "no-store");
        Content.Sink.write(
                response, true, new String(Answer.line(body), java.nio.charset.StandardCharsets.UTF_8), callback);
        return true;
    }

    /** In the body, or in the fields in front of it; for these, Jetty has no type. */
    private static boolean isCutOff(@Nullable Object failure) {
        return failure instanceof EofException
                || (failure instanceof HttpException http && "Early EOF".equals(http.getReason()));
    }
}
