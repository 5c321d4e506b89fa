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
 * The {@code <submission>} element of a host: accepts mail from programs by SMTP (RFC 6409), and maps it to ports.
 * Immutable; null is never allowed.
 *
 * @param address the address to listen on
 * @param port TCP port
 * @param logOn whether a client must log on before it submits anything
 * @param allow networks from which clients may connect; when empty, only this machine
 * @param tls the certificate for STARTTLS; when empty, the server offers neither STARTTLS nor log-on
 * @param maxConnections maximum concurrent connections
 * @param maxRecipients maximum recipients of one mail
 * @param dedupe whether a mail with the Message-ID and recipients of an earlier mail counts as a duplicate
 * @param mappings the ports for mails; the first match counts
 * @param promoted header fields that become properties
 * @param origin the position in the configuration
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

    /** The default port. */
    public static final int STANDARD_PORT = 2525;

    /** The default maximum of connections. */
    public static final int STANDARD_CONNECTIONS = 100;

    /** The default maximum of recipients; RFC 5321 requires at least 100. */
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

    /** The form in which a port receives a mail. */
    public enum Content {
        /** The mail as received, including its header, as one part of type message/rfc822. */
        WHOLE,
        /** The text as the body, each attachment as a part, subject and addresses as properties. The port makes a new mail from them. */
        PARTS
    }

    /**
     * The element {@code <map>}: the port for a mail. An empty value matches everything.
     *
     * @param user the user who is logged on; {@code *} matches any text
     * @param from the sender in the envelope; {@code *} matches any text
     * @param recipientDomain domains of the recipient
     * @param port the port; when empty, every port that subscribes
     * @param content what the port receives
     */
    public record Mapping(
            Optional<String> user,
            Optional<String> from,
            Optional<Domains> recipientDomain,
            Optional<String> port,
            Content content) {

        /**
         * Whether this mapping applies to a mail of that user and sender to that recipient.
         *
         * @param loggedOn empty when nobody is logged on
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
     * The element {@code <promote>}: a header field that becomes a property when the mail has it.
     *
     * @param header the field's name
     * @param property the property's name
     */
    public record Promoted(String header, String property) {}
}
