package io.sendport.console.http;

import java.util.List;
import java.util.Map;

/**
 * Why a request was not served, as RFC 9457 says it. Immutable; null is allowed nowhere.
 *
 * @param type what is wrong
 * @param detail what failed, why, and what to do
 * @param problems of a configuration, each with its place; empty otherwise
 * @param headers further header fields of the answer
 */
public record Problem(Type type, String detail, List<Map<String, Object>> problems, Map<String, String> headers) {

    /** What is wrong, and with which status it is answered. */
    public enum Type {
        /** What was asked makes no sense. */
        VALIDATION(400, "validation", "The request makes no sense"),
        /** What is named is not there. */
        NOT_FOUND(404, "not-found", "There is no such thing"),
        /** A shortened id fits several messages. */
        AMBIGUOUS(409, "ambiguous-id", "The id fits several messages"),
        /** The state of things does not allow it now. */
        CONFLICT(409, "conflict", "It can't be done now"),
        /** It has changed since it was looked at. */
        CHANGED(412, "changed", "It has changed since you looked"),
        /** What is submitted is refused for good. */
        REFUSED(422, "refused", "It is refused"),
        /** The body did not come whole. */
        INCOMPLETE(408, "incomplete", "The request did not come whole"),
        /** Larger than what is allowed. */
        TOO_LARGE(413, "too-large", "It is too large"),
        /** The caller did not show who they are. */
        UNAUTHENTICATED(401, "unauthenticated", "Say who you are"),
        /** The caller may not do that. */
        FORBIDDEN(403, "forbidden", "You may not do that"),
        /** The method does not fit. */
        METHOD(405, "method", "The method does not fit"),
        /** It is meant for another server. */
        MISDIRECTED(421, "misdirected", "This is another server"),
        /** Too many requests. */
        OVER_LIMIT(429, "over-limit", "Too many requests"),
        /** The store is away or full. */
        NOT_NOW(503, "not-now", "Not now"),
        /** A failure of Sendport's own. */
        INTERNAL(500, "internal", "A failure of Sendport's own");

        private final int status;
        private final String name;
        private final String title;

        Type(int status, String name, String title) {
            this.status = status;
            this.name = name;
            this.title = title;
        }

        /** What is wrong, in a few words. */
        public String title() {
            return title;
        }

        /** The status of HTTP. */
        public int status() {
            return status;
        }
    }

    /** Copies list and map. */
    public Problem {
        problems = List.copyOf(problems);
        headers = Map.copyOf(headers);
    }

    /** As the body of the answer. */
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
