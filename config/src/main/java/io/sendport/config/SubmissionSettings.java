package io.sendport.config;

import io.sendport.api.mail.MailAddress;
import io.sendport.api.settings.Origin;
import io.sendport.support.Domains;
import io.sendport.support.Wildcard;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The {@code <submission>} element of a host: where programs that speak only SMTP hand in mail, and what becomes of it (RFC 6409). Immutable;
 * null is never allowed.
 *
 * @param address to listen on
 * @param port TCP port
 * @param logOn whether a client must log on before it hands in anything
 * @param allow networks from which clients may connect; empty: this machine alone
 * @param tls the certificate for STARTTLS; empty: there is none, and nobody can log on
 * @param maxConnections at the same time
 * @param maxRecipients of one mail
 * @param dedupe whether a mail with the Message-ID and the recipients of an earlier one is taken for the same
 * @param mappings which port a mail goes to; the first that fits counts
 * @param promoted header fields that become properties
 * @param origin where it stands
 */
public record SubmissionSettings(
        String address,
        int port,
        boolean logOn,
        List<Network> allow,
        Optional<ConsoleSettings.Tls> tls,
        int maxConnections,
        int maxRecipients,
        boolean dedupe,
        List<Mapping> mappings,
        List<Promoted> promoted,
        Origin origin) {

    /** Unless configured. */
    public static final int STANDARD_PORT = 2525;

    /** Unless configured. */
    public static final int STANDARD_CONNECTIONS = 100;

    /** Unless configured; RFC 5321 asks for 100 at least. */
    public static final int STANDARD_RECIPIENTS = 1_000;

    /** Copies the lists. */
    public SubmissionSettings {
        allow = List.copyOf(allow);
        mappings = List.copyOf(mappings);
        promoted = List.copyOf(promoted);
    }

    /** Whether a client at that address may connect. */
    public boolean allows(InetAddress client) {
        return allow.isEmpty() ? client.isLoopbackAddress() : allow.stream().anyMatch(each -> each.contains(client));
    }

    /** What a port gets of a mail. */
    public enum Content {
        /** The mail as it came, header and all, as one part of type message/rfc822. */
        WHOLE,
        /** Its text as the body, each attachment as a part, its subject and addresses as properties: the port makes a mail of its own. */
        PARTS
    }

    /**
     * The element {@code <map>}: where a mail goes. What is empty fits everything.
     *
     * @param user who is logged on; {@code *} stands for any text
     * @param from the sender in the envelope; {@code *} stands for any text
     * @param recipientDomain domains of the recipient
     * @param port the port; empty: every port that subscribes
     * @param content what it gets
     */
    public record Mapping(
            Optional<String> user,
            Optional<String> from,
            Optional<Domains> recipientDomain,
            Optional<String> port,
            Content content) {

        /**
         * Whether it is for mail of that user and sender to that recipient.
         *
         * @param loggedOn empty while nobody is
         * @param sender empty for a mail without a return path
         */
        public boolean fits(Optional<String> loggedOn, Optional<MailAddress> sender, MailAddress recipient) {
            return fits(user, loggedOn)
                    && fits(from, sender.map(MailAddress::toString))
                    && recipientDomain.map(each -> each.allow(recipient)).orElse(true);
        }

        private static boolean fits(Optional<String> pattern, Optional<String> text) {
            return pattern.isEmpty()
                    || text.filter(Wildcard.pattern(pattern.get(), Pattern.CASE_INSENSITIVE)
                                    .asMatchPredicate())
                            .isPresent();
        }
    }

    /**
     * The element {@code <promote>}: a header field that becomes a property, where the mail has it.
     *
     * @param header the field's name
     * @param property the property's name
     */
    public record Promoted(String header, String property) {}
}
