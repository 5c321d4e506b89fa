package io.sendport.console.api;

import io.sendport.api.host.TemporaryWorkspace;
import io.sendport.api.message.Body;
import io.sendport.api.message.Part;
import io.sendport.console.http.Call;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.PropertyText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.fileupload.FileUploadBase;
import org.apache.commons.fileupload.MultipartStream;
import org.apache.commons.fileupload.ParameterParser;

/**
 * A message as a form (RFC 7578). Each field {@code property} has the form {@code NAME=VALUE}; all other parts become parts of the message,
 * in order. Parts are written to the workspace as they arrive.
 */
final class FormData {

    private static final int BUFFER = 64 * 1024;
    private static final int MAX_HEADER = 8 * 1024;
    /** The limit for all properties together, in bytes, since they are kept in memory. */
    private static final int PROPERTIES = 1024 * 1024;

    private static final int MAX_PARTS = 1_000;
    private static final String PROPERTY = "property";

    private final Call call;
    private final TemporaryWorkspace workspace;
    private final List<Part> parts = new ArrayList<>();
    private final Map<String, String> properties = new LinkedHashMap<>();
    private long bytesLeft;
    private long propertyBytesLeft = PROPERTIES;
    private int partCount;

    FormData(Call call, long limit, TemporaryWorkspace workspace) {
        this.call = call;
        this.bytesLeft = limit;
        this.workspace = workspace;
    }

    SubmissionsResource.Content read() throws IOException {
        String boundary = parameters(call.contentType(), ';').get("boundary");
        if (boundary == null || boundary.isEmpty() || boundary.length() > 200) {
            throw ProblemException.invalid(
                    "the Content-Type multipart/form-data has no valid boundary; send boundary=TEXT with 1 to 200 characters");
        }
        try {
            MultipartStream form =
                    new MultipartStream(call.stream(), boundary.getBytes(StandardCharsets.ISO_8859_1), BUFFER, null);
            form.setHeaderEncoding("UTF-8");
            form.setPartHeaderSizeMax(MAX_HEADER);
            boolean more = form.skipPreamble();
            while (more) {
                part(form, headers(form.readHeaders()));
                more = form.readBoundary();
            }
        } catch (MultipartStream.MalformedStreamException
                | FileUploadBase.FileUploadIOException
                | IllegalArgumentException e) {
            throw ProblemException.invalid("the body is not well-formed multipart/form-data");
        }
        if (parts.isEmpty()) {
            throw ProblemException.invalid(
                    "the form has no body; add a part that is not named property; the first such part becomes the body");
        }
        return new SubmissionsResource.Content(parts, properties);
    }

    private void part(MultipartStream form, Map<String, String> headers) throws IOException {
        Map<String, String> disposition = parameters(headers.getOrDefault("content-disposition", ""), ';');
        String name = disposition.getOrDefault("name", "");
        Optional<String> fileName =
                Optional.ofNullable(disposition.get("filename")).filter(each -> !each.isEmpty());
        if (++partCount > MAX_PARTS) {
            throw ProblemException.invalid("the form has more than " + MAX_PARTS + " parts");
        }
        if (name.equals(PROPERTY) && fileName.isEmpty()) {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            form.readBodyData(SubmissionsResource.limited(text, Math.min(bytesLeft, propertyBytesLeft)));
            propertyBytesLeft -= text.size();
            PropertyText.put(properties, text.toString(StandardCharsets.UTF_8));
            return;
        }
        long most = bytesLeft;
        Body body = workspace.write(out -> form.readBodyData(SubmissionsResource.limited(out, most)));
        bytesLeft -= body.size();
        Part part = new Part(
                parts.isEmpty() ? "body" : "part" + (parts.size() + 1),
                headers.getOrDefault("content-type", ""),
                io.sendport.api.message.Context.empty(),
                body);
        parts.add(fileName.map(part::withFileName).orElse(part));
    }

    private static Map<String, String> headers(String text) {
        Map<String, String> headers = new HashMap<>();
        // A folded line continues with white space (RFC 5322, section 2.2.3).
        for (String line : text.replaceAll("\r\n[ \t]+", " ").split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    private static Map<String, String> parameters(String field, char divider) {
        ParameterParser parser = new ParameterParser();
        parser.setLowerCaseNames(true);
        return parser.parse(field, divider);
    }
}
