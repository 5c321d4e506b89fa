package io.sendport.api.message;

import java.util.Optional;

/**
 * One part of a message.
 *
 * @param name the name of the part within its message; the first part of a message is its body part
 * @param contentType a MIME media type with its parameters; empty when not specified
 * @param context properties of this part, such as {@code MIME.FileName}
 * @param body the bytes
 */
public record Part(String name, String contentType, Context context, Body body) {

    /** The part named "body" with this content. */
    public static Part body(String contentType, Body body) {
        return new Part("body", contentType, Context.empty(), body);
    }

    /** The file name of the part, where it has one. */
    public Optional<String> fileName() {
        return context.get(MessageProperties.FILE_NAME);
    }

    /** This part with another content. */
    public Part withBody(Body other) {
        return new Part(name, contentType, context, other);
    }

    /** This part with another media type. */
    public Part withContentType(String other) {
        return new Part(name, other, context, body);
    }

    /** This part with a file name. */
    public Part withFileName(String fileName) {
        return new Part(name, contentType, context.with(MessageProperties.FILE_NAME, fileName), body);
    }
}
