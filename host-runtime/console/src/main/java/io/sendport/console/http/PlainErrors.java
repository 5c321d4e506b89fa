package io.sendport.console.http;

import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Turns errors of Jetty into problem responses, without any text from the request. */
final class PlainErrors extends ErrorHandler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
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
}
