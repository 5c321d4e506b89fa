package io.sendport.smtp.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name that this machine gives in EHLO when none is configured. Determined once. */
final class LocalName {

    private static final String NAME = find();

    private LocalName() {}

    static String get() {
        return NAME;
    }

    private static String find() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return name.matches("[\\p{Alnum}._-]{1,255}") ? name : "[127.0.0.1]";
        } catch (UnknownHostException e) {
            return "[127.0.0.1]";
        }
    }
}
