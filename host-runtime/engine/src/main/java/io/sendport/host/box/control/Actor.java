package io.sendport.host.box.control;

import io.sendport.support.text.Text;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Who acts, from which machine, and why. Contains no control or format characters.
 *
 * @param name {@code user@machine}; with sudo {@code person as user@machine}
 * @param reason the reason, in the actor's words; may be empty
 */
public record Actor(String name, String reason) {

    /** Makes unprintable characters visible. */
    public Actor {
        name = Text.visible(name);
        reason = Text.visible(reason);
    }

    /** The user of this process, and the person who started it with sudo, if any. */
    public static Actor here(String reason) {
        String user = System.getProperty("user.name", "unknown");
        return new Actor(name(user, System.getenv("SUDO_USER")) + "@" + machine(), reason);
    }

    /** {@code anna as sendport} after {@code sudo -u sendport}; {@code sudoer} is null without sudo. */
    static String name(String user, @Nullable String sudoer) {
        return sudoer == null || sudoer.isEmpty() || sudoer.equals(user) ? user : sudoer + " as " + user;
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
