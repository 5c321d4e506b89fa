package io.sendport.console.http;

import java.util.List;
import java.util.Map;

/**
 * The reason why a request failed, in the format of RFC 9457. Immutable; null is allowed nowhere.
 *
 * @param type the type of the problem
 * @param detail what failed, why, and what to do
 * @param problems the problems of a configuration with their locations; otherwise empty
 * @param headers further header fields of the response
 */
public record Problem(Type type, String detail, List<Map<String, Object>> problems, Map<String, String> headers) {

    /** The type of a problem, with its HTTP status. */
    public enum Type {
        /** The request is invalid. */
        VALIDATION(400, "validation", "Invalid request"),
        /** The named object does not exist. */
        NOT_FOUND(404, "not-found", "Not found"),
        /** A shortened id matches several messages. */
        AMBIGUOUS(409, "ambiguous-id", "The id matches several messages"),
        /** The current state does not allow the action. */
        CONFLICT(409, "conflict", "Conflict with the current state"),
        /** The object has changed since the caller read it. */
        CHANGED(412, "changed", "Changed since you read it"),
        /** The submitted message is refused permanently. */
        REFUSED(422, "refused", "Refused"),
        /** The body is incomplete. */
        INCOMPLETE(408, "incomplete", "Incomplete request"),
        /** The request or its result exceeds a size limit. */
        TOO_LARGE(413, "too-large", "Too large"),
        /** The caller is not authenticated. */
        UNAUTHENTICATED(401, "unauthenticated", "Authentication required"),
        /** The caller lacks the necessary role. */
        FORBIDDEN(403, "forbidden", "Permission denied"),
        /** The path does not support the method. */
        METHOD(405, "method", "Method not allowed"),
        /** The request is for another server. */
        MISDIRECTED(421, "misdirected", "Request for another server"),
        /** The caller has sent too many requests. */
        OVER_LIMIT(429, "over-limit", "Too many requests"),
        /** The store is unavailable or full. */
        NOT_NOW(503, "not-now", "Try again later"),
        /** Sendport has an internal error. */
        INTERNAL(500, "internal", "Internal error");

        private final int status;
        private final String name;
        private final String title;

        Type(int status, String name, String title) {
            this.status = status;
            this.name = name;
            this.title = title;
        }

        /** A short description of the type. */
        public String title() {
            return title;
        }

        /** The HTTP status. */
        public int status() {
            return status;
        }
    }

    /** Copies list and map. */
    public Problem {
        problems = List.copyOf(problems);
        headers = Map.copyOf(headers);
    }

    /** The body of the response. */
    Map<String, Object> body() {
        Map<String, Object> body = new java.util.LinkedHashMap<>();
        body.put("type", "urn:sendport:problem:" + type.name);
        body.put("title", type.title);
        body.put("status", type.status);
        body.put("detail", detail);
        if (!problems.isEmpty()) {
            body.put("problems", problems);
        }
        return body;
    }
}
