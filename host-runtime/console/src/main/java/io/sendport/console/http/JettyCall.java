package io.sendport.console.http;

import io.sendport.console.access.Caller;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/** A {@link Call} for a request of Jetty. */
final class JettyCall implements Call {

    private final Request request;
    private final Caller caller;
    private final Map<String, String> path;
    private final Fields query;
    private @Nullable InputStream stream;

    JettyCall(Request request, Caller caller, Map<String, String> path) {
        this.request = request;
        this.caller = caller;
        this.path = path;
        this.query = Request.extractQueryParameters(request);
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public String path(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no {" + name + "}");
        }
        return value;
    }

    @Override
    public Optional<String> query(String name) {
        return Optional.ofNullable(query.getValue(name)).filter(each -> !each.isEmpty());
    }

    @Override
    public List<String> queries(String name) {
        return query.getValuesOrEmpty(name).stream()
                .filter(each -> !each.isEmpty())
                .toList();
    }

    @Override
    public Set<String> queryNames() {
        return query.getNames();
    }

    @Override
    public Optional<String> header(String name) {
        return header(request, name);
    }

    static Optional<String> header(Request request, String name) {
        List<String> values = request.getHeaders().getValuesList(name);
        if (values.size() > 1) {
            throw new ProblemException(
                    Problem.Type.VALIDATION, "the request repeats the header field " + name + "; send it once");
        }
        return values.stream().findFirst();
    }

    @Override
    public List<String> headers(String name) {
        return request.getHeaders().getValuesList(name);
    }

    @Override
    public String contentType() {
        return header("Content-Type").orElse("");
    }

    @Override
    public byte[] body(int most) throws IOException {
        byte[] bytes = stream().readNBytes(most + 1);
        if (bytes.length > most) {
            throw new ProblemException(
                    Problem.Type.TOO_LARGE, "the body is larger than the limit of " + most + " bytes");
        }
        return bytes;
    }

    /** Reports an incomplete body as a problem of the client. */
    private static final class RequestBody extends FilterInputStream {

        RequestBody(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException e) {
                throw incomplete();
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return super.read(bytes, offset, length);
            } catch (IOException e) {
                throw incomplete();
            }
        }

        private static ProblemException incomplete() {
            return new ProblemException(
                    Problem.Type.INCOMPLETE, "the body was incomplete or arrived too slowly; nothing was done");
        }
    }

    @Override
    public InputStream stream() {
        InputStream open = stream;
        if (open == null) {
            open = new RequestBody(Content.Source.asInputStream(request));
            stream = open;
        }
        return open;
    }
}
