package io.sendport.host.box;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Who acts, from where, and why.
 *
 * @param name {@code user@machine}
 * @param reason in their own words; may be empty
 */
public record Actor(String name, String reason) {

    /** The user of this process. */
    public static Actor here(String reason) {
        return new Actor(System.getProperty("user.name", "unknown") + "@" + machine(), reason);
    }

    /** This machine's name; {@code unknown} when it has none. */
    public static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
