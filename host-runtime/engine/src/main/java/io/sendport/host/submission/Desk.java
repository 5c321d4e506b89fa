package io.sendport.host.submission;

import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Body;
import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.config.Routing;
import io.sendport.config.SubmissionSettings;
import io.sendport.config.SubmissionSettings.Content;
import io.sendport.config.SubmissionSettings.Mapping;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.operate.LogOnFailures;
import io.sendport.host.pipeline.SpoolPlace;
import io.sendport.host.pipeline.SpoolWorkspace;
import io.sendport.host.run.submit.FeedSubmitter;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all sessions of a submission feed share: the access rules and the submitter. Safe for use by several threads. */
final class Desk {

    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

    private final SubmissionSettings settings;
    private final FeedSubmitter submitter;
    private final LogOns logOns;
    private final SpoolPlace spool;
    private final Optional<TlsFile> tls;
    private final LogOnFailures failures;
    private final String name;
    private volatile boolean stopping;

    /**
     * For one feed.
     *
     * @param name this machine's name in the greeting
     */
    Desk(
            SubmissionSettings settings,
            FeedSubmitter submitter,
            LogOns logOns,
            SpoolPlace spool,
            Clock clock,
            String name) {
        this.settings = settings;
        this.submitter = submitter;
        this.logOns = logOns;
        this.spool = spool;
        this.tls = settings.tls().map(TlsFile::new);
        this.failures = new LogOnFailures(clock);
        this.name = name;
    }

    SubmissionSettings settings() {
        return settings;
    }

    String name() {
        return name;
    }

    /** Makes all sessions refuse further mails. */
    void stop() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    boolean hasTls() {
        return tls.isPresent();
    }

    /**
     * Starts TLS over a client's connection.
     *
     * @throws IOException when the certificate cannot be used
     */
    SSLSocket secured(Socket socket) throws IOException {
        return tls.orElseThrow(() -> new IOException("<tls> is not configured")).wrap(socket);
    }

    /** For how many seconds log-ons from this address are refused; empty when they are allowed. */
    Optional<Long> logOnPause(InetAddress client) {
        return failures.pause(client.getHostAddress());
    }

    /**
     * Checks a credential. Records on the ledger that it is wrong.
     *
     * @return tests whether the user may submit to a port; empty when the credential is wrong
     * @throws IOException when it cannot be checked now
     */
    Optional<Predicate<String>> logOn(Credential given, InetAddress client) throws IOException {
        Optional<Predicate<String>> ports = logOns.check(given.user(), given.password(), submitter::routing);
        if (ports.isEmpty() && failures.add(client.getHostAddress())) {
            submitter.record(Entry.of(Kind.ACCESS)
                    .detail("actor", "smtp " + client.getHostAddress())
                    // Leave out the user name, because clients sometimes send passwords as user names.
                    .detail("detail", "a log-on to the submission feed was refused"));
        }
        return ports;
    }

    /** The largest size of a mail that any port of this feed accepts, in bytes. */
    long largest() {
        Routing routing = submitter.routing();
        return settings.mappings().stream()
                .mapToLong(each -> largest(each, routing))
                .max()
                .orElse(0);
    }

    private static long largest(Mapping where, Routing routing) {
        long largest = where.port().map(routing.ports()::get).stream()
                .mapToLong(port -> port.limits().maxMessageSize())
                .findFirst()
                .orElseGet(() -> routing.ports().values().stream()
                        .mapToLong(port -> port.limits().maxMessageSize())
                        .max()
                        .orElse(0));
        return where.content() == Content.PARTS ? Math.min(largest, MailParts.MAX_SIZE) : largest;
    }

    /** Adds a recipient to the mail, unless it must be refused. Returns the reply. */
    Reply address(Transaction now, MailAddress recipient, Optional<Account> who) {
        Optional<Mapping> found = settings.mappings().stream()
                .filter(each -> each.fits(who.map(Account::user), now.sender(), recipient))
                .findFirst();
        if (found.isEmpty()) {
            return new Reply(550, "5.7.1", "No port accepts mail from this sender to this recipient");
        }
        Mapping where = found.get();
        if (ports(where).stream().noneMatch(port -> sends(port, recipient))) {
            return new Reply(
                    550,
                    "5.7.1",
                    where.port().map(name -> "Port " + name + " may not").orElse("No subscribing port may")
                            + " send to this address");
        }
        if (who.isPresent() && !who.get().ports().test(where.port().orElse(""))) {
            return new Reply(550, "5.7.1", "This user may not submit to the port for this recipient");
        }
        long limit = largest(where, submitter.routing());
        if (now.declaredSize() > limit) {
            return Reply.tooLarge(limit);
        }
        now.add(where, recipient);
        return new Reply(250, "2.1.5", "Ok");
    }

    /** The ports that may get the mail: the port that {@code where} names, or all ports that subscribe. */
    private List<Routing.Port> ports(Mapping where) {
        Routing routing = submitter.routing();
        if (where.port().isPresent()) {
            return Optional.ofNullable(routing.ports().get(where.port().get())).stream()
                    .toList();
        }
        return routing.subscribers().stream()
                .flatMap(name -> Optional.ofNullable(routing.ports().get(name)).stream())
                .toList();
    }

    private static boolean sends(Routing.Port port, MailAddress recipient) {
        return port.dynamic().filter(domains -> domains.allow(recipient)).isPresent();
    }

    /** A mail could not be stored while it was received. */
    static final class SpoolException extends Exception {
        private static final long serialVersionUID = 1L;

        SpoolException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * Reads a mail, and submits it. When this returns 250, the messages for all its recipients are on disk.
     *
     * @param actor the submitter, for the ledger
     * @throws IOException when the client closed the connection
     * @throws SpoolException when the mail cannot be stored
     */
    Reply take(Transaction envelope, ClientInput in, String actor) throws IOException, SpoolException {
        Routing routing = submitter.routing();
        long limit = envelope.recipients().keySet().stream()
                .mapToLong(each -> largest(each, routing))
                .min()
                .orElse(0);
        ClientInput.Content[] read = new ClientInput.Content[1];
        try (SpoolWorkspace workspace = new SpoolWorkspace(spool)) {
            Body mail = workspace.write(out -> read[0] = in.mail(out, limit));
            if (read[0].tooLarge()) {
                return Reply.tooLarge(limit);
            }
            if (read[0].bareNewline() || read[0].nul()) {
                return new Reply(554, "5.6.0", "The mail contains a bare CR or LF, or a NUL");
            }
            return submitted(MailSubmissions.of(mail, envelope, actor, settings, workspace));
        } catch (EOFException | SocketException | SSLException e) {
            throw e;
        } catch (IOException e) {
            throw new SpoolException(e);
        } catch (IllegalArgumentException e) {
            return new Reply(554, "5.6.0", "The mail cannot be accepted: " + e.getMessage());
        }
    }

    private Reply submitted(List<Submission> submissions) {
        try {
            List<Receipt> receipts = submitter.publishTogether(submissions);
            return new Reply(
                    250,
                    "2.0.0",
                    "Ok: submitted as "
                            + receipts.stream().map(each -> each.id().value()).collect(Collectors.joining(" ")));
        } catch (SubmissionRefusedException e) {
            return new Reply(554, "5.7.1", String.valueOf(e.getMessage()));
        } catch (NotNowException e) {
            LOG.warn(
                    "The submission feed cannot store mail now: {}. Clients get the reply 451 and are expected to retry",
                    e.getMessage());
            return Reply.NOT_NOW;
        }
    }
}
