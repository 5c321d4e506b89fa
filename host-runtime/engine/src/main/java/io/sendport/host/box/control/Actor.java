package io.sendport.host.box.control;

import io.sendport.support.text.Text;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Who acts, from which machine, and why; without control and format characters.
 *
 * @param name {@code user@machine}
 * @param reason in the actor's words; may be empty
 */
public record Actor(String name, String reason) {

    /** Makes unprintable characters visible. */
    public Actor {
        name = Text.visible(name);
        reason = Text.visible(reason);
    }

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
