package io.sendport.smtp.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this machine calls itself in EHLO where the configuration does not say. Asked once. */
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
