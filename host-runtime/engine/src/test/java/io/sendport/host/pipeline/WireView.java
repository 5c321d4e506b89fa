package io.sendport.host.pipeline;

import io.sendport.api.adapter.Delivery;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A mail as a receiver sees it who knows lines and nothing else.
 *
 * @param text the bytes, one character each
 */
record WireView(String text) {

    static WireView of(Delivery delivery) throws IOException {
        try (InputStream in = delivery.mail().open()) {
            return new WireView(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        }
    }

    /** The names of all header fields, those of the mail first and then those of each part behind a boundary line of ours. */
    List<String> fieldNames() {
        List<String> names = new ArrayList<>();
        boolean header = true;
        for (String line : text.split("\r\n", -1)) {
            if (line.matches("--=_[0-9a-f]{32}_\\d+")) {
                names.add("part");
                header = true;
            } else if (line.isEmpty()) {
                header = false;
            } else if (header && line.charAt(0) != ' ' && line.charAt(0) != '\t') {
                names.add(line.substring(0, Math.max(0, line.indexOf(':'))));
            }
        }
        return names;
    }

    /** The value of a field of the mail, unfolded, as UTF-8; empty when there is none. */
    String field(String name) {
        String header = text.substring(0, text.indexOf("\r\n\r\n")).replaceAll("\r\n(?=[ \t])", "");
        for (String line : header.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
                byte[] bytes = line.substring(name.length() + 1).strip().getBytes(StandardCharsets.ISO_8859_1);
                return new String(bytes, StandardCharsets.UTF_8);
            }
        }
        return "";
    }
}
