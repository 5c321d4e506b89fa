package io.sendport.host.pipeline;

import io.sendport.api.mail.Envelope;
import io.sendport.api.mail.MailAddress;
import io.sendport.config.port.SendPort;
import io.sendport.support.Domains;
import java.util.Optional;

/**
 * Limits the domains of the recipients of a port, whether the configuration, a component or the submitter names the recipients. Every
 * list of the port must allow each recipient.
 *
 * @param dynamic the list of {@code <dynamic>}
 * @param mail the list of {@code <mail>}
 */
record AllowedDomains(Optional<Domains> dynamic, Optional<Domains> mail) {

    static AllowedDomains of(SendPort port) {
        return new AllowedDomains(port.dynamic(), port.mail().text("domains").map(Domains::parse));
    }

    /** Whether the port has any list. */
    boolean exist() {
        return dynamic.isPresent() || mail.isPresent();
    }

    /**
     * Checks all recipients, including blind ones.
     *
     * @return true
     * @throws IllegalArgumentException when a recipient is not allowed; the message names the first one, and why
     */
    boolean require(Envelope envelope) {
        for (MailAddress each : envelope.everyone()) {
            dynamic.ifPresent(list -> require(each, list, "<dynamic domains>"));
            mail.ifPresent(list -> require(each, list, "<mail domains>"));
        }
        return true;
    }

    private static void require(MailAddress recipient, Domains list, String where) {
        list.refusal(recipient).ifPresent(why -> {
            throw new IllegalArgumentException(
                    "recipient domain not allowed: " + recipient + "; see " + where + ": " + why);
        });
    }
}
