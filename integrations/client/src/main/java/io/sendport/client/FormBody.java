package io.sendport.client;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A submission as form data (RFC 7578): a field {@code property} for each property, then the parts. Reads bodies while it sends them. */
final class FormBody {

    private final String boundary = "sendport-" + UUID.randomUUID();
    private final List<BodyPublisher> pieces = new ArrayList<>();

    private FormBody() {}

    /** @throws SubmissionRefusedException when a part has properties that a form cannot carry */
    static FormBody of(Submission submission) {
        FormBody form = new FormBody();
        for (Map.Entry<String, Object> each : submission.context().asMap().entrySet()) {
            form.text("--" + form.boundary + "\r\nContent-Disposition: form-data; name=\"property\"\r\n\r\n"
                    + each.getKey() + "=" + each.getValue() + "\r\n");
        }
        for (Part part : submission.parts()) {
            form.part(part);
        }
        form.text("--" + form.boundary + "--\r\n");
        return form;
    }

    private void part(Part part) {
        Context other = part.context().without(MessageProperties.FILE_NAME.name());
        if (!other.asMap().isEmpty()) {
            throw new SubmissionRefusedException("part " + part.name() + " has the properties "
                    + other.asMap().keySet()
                    + "; over HTTP a part can have only a file name and a content type."
                    + " Set the properties on the submission instead");
        }
        text("--" + boundary + "\r\nContent-Disposition: form-data; name=\"part\""
                + part.fileName()
                        .map(name -> "; filename=\"" + quoted(name) + "\"")
                        .orElse("") + "\r\n"
                + (part.contentType().isEmpty() ? "" : "Content-Type: " + line(part.contentType()) + "\r\n")
                + "\r\n");
        Body body = part.body();
        pieces.add(BodyPublishers.ofInputStream(() -> opened(body)));
        text("\r\n");
    }

    private static InputStream opened(Body body) {
        try {
            return body.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void text(String text) {
        pieces.add(BodyPublishers.ofByteArray(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Escapes as browsers do (the HTML standard, "multipart form data"). */
    private static String quoted(String name) {
        return name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String line(String text) {
        return text.replaceAll("[\\r\\n]+", " ");
    }

    String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    BodyPublisher publisher() {
        return BodyPublishers.concat(pieces.toArray(BodyPublisher[]::new));
    }
}
