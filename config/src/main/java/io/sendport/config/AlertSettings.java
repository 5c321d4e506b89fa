package io.sendport.config;

import io.sendport.api.mail.Mailbox;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The {@code <alerts>} element: who receives alerts about conditions, and when. Immutable; null is never allowed.
 *
 * @param pending how long a condition must last before an alert; zero or more
 * @param calm how long a condition must be absent before it counts as recovered; zero or more
 * @param reminder interval of reminders while a condition lasts; zero for none
 * @param mails the channels that send alerts by mail
 * @param webhooks the channels that send alerts by HTTP
 * @param heartbeat the URL to call periodically; empty for none
 * @param origin the position in the configuration
 */
public record AlertSettings(
        Duration pending,
        Duration calm,
        Duration reminder,
        List<Mail> mails,
        List<Webhook> webhooks,
        Optional<Heartbeat> heartbeat,
        Origin origin) {

    /** The default of {@link #pending}. */
    public static final Duration STANDARD_PENDING = Duration.ofMinutes(5);

    /** The default of {@link #calm}. */
    public static final Duration STANDARD_CALM = Duration.ofMinutes(5);

    /** The default of {@link #reminder}. */
    public static final Duration STANDARD_REMINDER = Duration.ofDays(1);

    /** The default of {@link Heartbeat#every}. */
    public static final Duration STANDARD_HEARTBEAT = Duration.ofMinutes(1);

    /** The name of the heartbeat among the channels. */
    public static final String HEARTBEAT = "heartbeat";

    /** Copies the lists. */
    public AlertSettings {
        mails = List.copyOf(mails);
        webhooks = List.copyOf(webhooks);
    }

    /** The names of the channels, in the order in which Sendport tries them. */
    public List<String> channels() {
        return Stream.concat(mails.stream().map(Mail::name), webhooks.stream().map(Webhook::name))
                .toList();
    }

    /**
     * The element {@code <mail>}.
     *
     * @param name the name of this channel
     * @param from the sender, also in the envelope
     * @param to the recipients; at least one
     * @param smtp the server, with what it inherits from its {@code <smtpConnection>}
     */
    public record Mail(String name, Mailbox from, List<Mailbox> to, Settings smtp) {

        /** Copies the list. */
        public Mail {
            to = List.copyOf(to);
        }
    }

    /**
     * The element {@code <webhook>}.
     *
     * @param name the name of this channel
     * @param url the URL to call; its path may be a secret
     * @param secret the key of the signature
     */
    public record Webhook(String name, URI url, Secret secret) {

        /** Omits the path of the URL. */
        @Override
        public String toString() {
            return "Webhook[" + name + " at " + url.getHost() + "]";
        }
    }

    /**
     * The element {@code <heartbeat>}.
     *
     * @param url the URL to call; its path may be a secret
     * @param every the time between two calls; one second or more
     */
    public record Heartbeat(URI url, Duration every) {

        /** Omits the path of the URL. */
        @Override
        public String toString() {
            return "Heartbeat[" + url.getHost() + " every " + every + "]";
        }
    }
}
