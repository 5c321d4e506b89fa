package io.sendport.host.ledger.verify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The fields of a record's header that a verification needs. Parsed without a JSON tree, because a verification reads millions. */
final class LinkHeader {

    private static final JsonFactory JSON = new JsonFactory();

    long lane = -1;
    long seq = -1;
    long step;
    String at = "";
    String kind = "";
    String prevHash = "";
    String privateHash = "";

    @Nullable
    String port;

    @Nullable
    String message;

    @Nullable
    String content;

    @Nullable
    String checkpoint;

    @Nullable
    String key;

    private LinkHeader() {}

    /**
     * Parses a header.
     *
     * @throws IllegalArgumentException when it is not a JSON object
     */
    static LinkHeader parse(String canonical) {
        LinkHeader header = new LinkHeader();
        try (JsonParser json = JSON.createParser(canonical)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("a header is not a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (value == JsonToken.VALUE_STRING) {
                    header.text(name, json.getText());
                } else if (value == JsonToken.VALUE_NUMBER_INT) {
                    header.number(name, json.getLongValue());
                } else {
                    json.skipChildren();
                }
            }
            return header;
        } catch (IOException e) {
            throw new IllegalArgumentException("a header is not valid JSON: " + e.getMessage(), e);
        }
    }

    private void text(String name, String value) {
        switch (name) {
            case "at" -> at = value;
            case "kind" -> kind = value;
            case "port" -> port = value;
            case "message" -> message = value;
            case "prevHash" -> prevHash = value;
            case "private" -> privateHash = value;
            case "content" -> content = value;
            case "checkpoint" -> checkpoint = value;
            case "key" -> key = value;
            default -> {
                // No check needs this field. The hash covers it.
            }
        }
    }

    private void number(String name, long value) {
        switch (name) {
            case "lane" -> lane = value;
            case "seq" -> seq = value;
            case "step" -> step = value;
            default -> {
                // No check needs this field. The hash covers it.
            }
        }
    }
}
