package io.sendport.smtp.doctor;

import io.sendport.api.adapter.Finding;
import io.sendport.api.adapter.PeerFault;
import io.sendport.api.adapter.Visit;
import io.sendport.smtp.relay.Relay;
import io.sendport.smtp.wire.Phase;
import io.sendport.smtp.wire.RelaySession;
import io.sendport.smtp.wire.Reply;
import io.sendport.smtp.wire.SmtpConnection;
import io.sendport.smtp.wire.SmtpException;
import io.sendport.smtp.wire.SmtpPath;
import io.sendport.smtp.wire.TlsChannel;
import io.sendport.support.LoopbackAddress;
import io.sendport.support.text.Text;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Examines the connection to a relay, from its name to the reply to RCPT, and says what to do about each finding. First it connects without
 * credentials and accepts any certificate, to see what the server offers. Then it connects as the port would. It never sends a message.
 */
public final class Doctor {

    private static final Duration SOON = Duration.ofDays(30);
    private static final Duration MAX_STEP = Duration.ofSeconds(15);
    private static final List<String> NAMED_EXTENSIONS =
            List.of("STARTTLS", "AUTH", "SIZE", "PIPELINING", "8BITMIME", "DSN", "SMTPUTF8", "CHUNKING", "REQUIRETLS");

    private final Relay relay;
    private final Clock clock;
    private final ScheduledExecutorService watchdog;
    private final Consumer<Finding> findings;
    private boolean certificateFails;

    /** Examines {@code relay} and passes each finding to {@code findings} as soon as it is known. */
    public Doctor(Relay relay, Clock clock, ScheduledExecutorService watchdog, Consumer<Finding> findings) {
        this.relay = relay.within(MAX_STEP);
        this.clock = clock;
        this.watchdog = watchdog;
        this.findings = findings;
    }

    /** Runs the checks, and stops at the first problem that prevents further checks. No step takes longer than 15 seconds. */
    public void examine(Visit visit) {
        if (!resolves()) {
            return;
        }
        Map<Integer, TcpPortScan.State> ports = new TcpPortScan(relay.host()).scan(relay.port());
        ports(ports);
        if (ports.get(relay.port()) != TcpPortScan.State.OPEN) {
            return;
        }
        PresentedChain presented = new PresentedChain();
        boolean welcome = examineAnonymously(presented);
        certificates(presented.certificates(), visit);
        if (welcome) {
            examineAsPort(visit);
        }
    }

    private boolean resolves() {
        try {
            String addresses =
                    Arrays.stream(addresses()).map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
            findings.accept(Finding.ok("dns", relay.host() + " is " + addresses));
            return true;
        } catch (UnknownHostException e) {
            findings.accept(Finding.fail(
                    "dns",
                    relay.host() + " has no address",
                    "check the name, and that this machine's DNS server can resolve it"));
            return false;
        }
    }

    private InetAddress[] addresses() throws UnknownHostException {
        CompletableFuture<InetAddress[]> answer = new CompletableFuture<>();
        Thread asking = new Thread(
                () -> {
                    try {
                        answer.complete(InetAddress.getAllByName(relay.host()));
                    } catch (UnknownHostException | RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                },
                "sendport-doctor-dns");
        asking.setDaemon(true);
        asking.start();
        try {
            return answer.get(MAX_STEP.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException("interrupted");
        } catch (ExecutionException | TimeoutException e) {
            throw new UnknownHostException(String.valueOf(e.getMessage()));
        }
    }

    private void ports(Map<Integer, TcpPortScan.State> ports) {
        ports.forEach((port, state) -> {
            String check = "port " + port;
            String result = state.description();
            if (port != relay.port()) {
                findings.accept(Finding.ok(check, result + " (not used)"));
            } else if (state == TcpPortScan.State.OPEN) {
                findings.accept(Finding.ok(check, result));
            } else {
                findings.accept(Finding.fail(check, result, advice(port, state, ports)));
            }
        });
    }

    private static String advice(int port, TcpPortScan.State state, Map<Integer, TcpPortScan.State> ports) {
        if (state == TcpPortScan.State.REFUSED) {
            return "no server listens on this port: check host and port, and that the server is running";
        }
        boolean submission = ports.get(587) == TcpPortScan.State.OPEN || ports.get(465) == TcpPortScan.State.OPEN;
        if (port == 25 && submission) {
            return "a network device blocks port 25, as in most clouds (Azure: Enterprise Agreements are not blocked; pay-as-you-go and partner"
                    + " subscriptions could request an exemption; trial, student and MSDN subscriptions cannot): use an authenticated relay with"
                    + " tls=\"required\" on 587, which is not blocked";
        }
        return "no answer: check firewalls, network security groups and the route to the server"
                + (port == 25 ? "; clouds block port 25 outbound, so use a relay on 587" : "");
    }

    /** Connects without credentials, and reports what the server offers. */
    private boolean examineAnonymously(PresentedChain presented) {
        long began = System.nanoTime();
        try {
            SmtpConnection connection = new RelaySession(relay.anonymous(), watchdog, presented.context()).open();
            long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
            String greeting = connection.lines().stream()
                    .filter(line -> line.startsWith("S: 220"))
                    .findFirst()
                    .map(line -> line.substring(3))
                    .orElse("no greeting");
            findings.accept(
                    millis > 5_000
                            ? Finding.warn(
                                    "banner",
                                    greeting + ", after " + millis + " ms",
                                    "the server is slow: it may fail to look up this machine's name; register the name in DNS")
                            : Finding.ok("banner", greeting));
            findings.accept(Finding.ok("ehlo", offers(connection)));
            checkLogOnOffer(connection);
            connection.quit();
            return true;
        } catch (SmtpException e) {
            failed(e);
            return false;
        } catch (GeneralSecurityException e) {
            findings.accept(Finding.fail("tls", String.valueOf(e.getMessage()), "check trustStore and clientKey"));
            return false;
        }
    }

    private static String offers(SmtpConnection connection) {
        String offers = NAMED_EXTENSIONS.stream()
                .filter(connection::supportsExtension)
                .map(name -> {
                    String parameter = connection.getExtensionParameter(name);
                    return parameter == null || parameter.isBlank() ? name : name + " " + Text.printable(parameter);
                })
                .collect(Collectors.joining(", "));
        return offers.isEmpty() ? "offers nothing" : "offers " + offers;
    }

    /** Checks the offered log-on methods. Runs after TLS, because a server may offer fewer before it. */
    private void checkLogOnOffer(SmtpConnection connection) {
        List<String> wanted = relay.account().auth().mechanisms();
        String offers = String.valueOf(connection.getExtensionParameter("AUTH")).toUpperCase(Locale.ROOT);
        if (!wanted.isEmpty() && wanted.stream().noneMatch(offers::contains)) {
            findings.accept(Finding.fail(
                    "auth offer",
                    (offers.equals("NULL") ? "the server offers no log-on" : "the server offers " + offers)
                            + "; auth needs " + String.join(" or ", wanted),
                    "set auth to a method that the server offers, or ask its administrator to enable "
                            + String.join(" or ", wanted)));
        }
    }

    private void certificates(List<X509Certificate> chain, Visit visit) {
        if (chain.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        for (X509Certificate each : chain) {
            Instant end = each.getNotAfter().toInstant();
            String result = each.getSubjectX500Principal().getName() + ", issued by "
                    + each.getIssuerX500Principal().getName()
                    + (end.isBefore(now) ? ", expired on " : ", until ") + end;
            if (end.isBefore(now)) {
                certificateFails = true;
                findings.accept(Finding.fail("certificate", result, "the server's administrator must renew it"));
            } else if (end.isBefore(now.plus(SOON))) {
                findings.accept(Finding.warn(
                        "certificate", result, "it expires soon; the server's administrator should renew it"));
            } else {
                findings.accept(Finding.ok("certificate", result));
            }
        }
        findings.accept(Finding.ok(
                "key",
                "pinnedKey=\"" + TlsChannel.keyOf(chain.get(0))
                        + "\" in the configuration would trust only this server"));
        visit.certificates().ifPresent(file -> save(chain, file));
    }

    private void save(List<X509Certificate> chain, Path file) {
        try {
            PresentedChain.write(chain, file);
            findings.accept(Finding.ok(
                    "certificates", chain.size() + " written to " + file + "; compare them before you trust them"));
        } catch (IOException | GeneralSecurityException e) {
            findings.accept(Finding.fail("certificates", "cannot write " + file + ": " + e.getMessage(), ""));
        }
    }

    /** Connects with the port's own trust settings and account. */
    private void examineAsPort(Visit visit) {
        try {
            SmtpConnection connection = new RelaySession(relay, watchdog, clock, Optional.empty()).open();
            try {
                String tls = connection.channel().tls();
                if (!tls.isEmpty() && !tls.startsWith("clear")) {
                    findings.accept(Finding.ok("tls", tls));
                } else if (LoopbackAddress.isOf(relay.host())) {
                    findings.accept(
                            Finding.ok("tls", "the connection is not encrypted, and does not leave this machine"));
                } else {
                    findings.accept(Finding.warn(
                            "tls",
                            tls.isEmpty() ? "the connection is not encrypted" : tls,
                            "anyone on the network can read the mail; use tls=\"required\""));
                }
                if (relay.account().logsOn()) {
                    findings.accept(
                            Finding.ok("log-on", "by " + connection.channel().auth()));
                }
                envelope(connection, visit);
            } finally {
                connection.quit();
            }
        } catch (SmtpException e) {
            failed(e);
        } catch (GeneralSecurityException | IOException e) {
            findings.accept(Finding.fail("tls", String.valueOf(e.getMessage()), "check trustStore and clientKey"));
        }
    }

    /** MAIL and RCPT, then RSET: whether the server would accept mail with this sender and recipient. */
    private void envelope(SmtpConnection connection, Visit visit) {
        if (visit.recipient().isEmpty()) {
            return;
        }
        String sender = visit.sender().map(SmtpPath::of).orElse("");
        String recipient = SmtpPath.of(visit.recipient().get());
        boolean utf8 = (sender + recipient).chars().anyMatch(c -> c > 126);
        String option = utf8 && connection.supportsExtension("SMTPUTF8") ? " SMTPUTF8" : "";
        if (asked(connection, Phase.MAIL, "MAIL FROM:<" + sender + ">" + option, "sender")) {
            asked(connection, Phase.RCPT, "RCPT TO:<" + recipient + ">", "recipient");
        }
        connection.ask(Phase.QUIT, "RSET");
    }

    private boolean asked(SmtpConnection connection, Phase phase, String command, String check) {
        Reply reply = connection.ask(phase, command);
        boolean good = reply.code() / 100 == 2;
        findings.accept(
                good
                        ? Finding.ok(check, command + ": " + reply)
                        : Finding.fail(check, command + ": " + reply, aboutEnvelope(reply, check)));
        return good;
    }

    private static String aboutEnvelope(Reply reply, String check) {
        if (reply.code() == 0) {
            return "the server closed the connection: see its log";
        }
        if (reply.isTransient()) {
            return "a temporary refusal, such as greylisting or a limit; a port would retry";
        }
        boolean relaying = reply.enhanced().startsWith("5.7")
                || reply.text().toLowerCase(Locale.ROOT).contains("relay");
        if (relaying) {
            return "the server does not allow this mail: log on, or ask its administrator to let this machine relay";
        }
        return check.equals("sender")
                ? "the server does not accept this sender: use an address that belongs to the account"
                : "the server does not know this recipient";
    }

    /** Reports each cause once, in the words of the corresponding condition. */
    private void failed(SmtpException failure) {
        Reply reply = failure.reply();
        boolean implicit = failure.phase() == Phase.STARTTLS && relay.tls() == Relay.Tls.IMPLICIT;
        String result = (implicit ? "TLS" : failure.phase()) + ": " + reply;
        PeerFault.Kind kind = failure.fault().map(PeerFault::kind).orElse(PeerFault.Kind.REFUSES);
        switch (kind) {
            case CERTIFICATE_DATES -> {
                if (!certificateFails) {
                    findings.accept(Finding.fail("certificate", result, "the server's administrator must renew it"));
                }
            }
            case CERTIFICATE -> findings.accept(Finding.fail("certificate", result, aboutCertificate(reply)));
            case NO_TLS -> findings.accept(Finding.fail("tls", result, aboutTls(reply)));
            case NO_TOKEN ->
                findings.accept(Finding.fail(
                        "token",
                        result,
                        "check that this machine reaches the token server; if it does, see that server's log"));
            case LOG_ON -> findings.accept(Finding.fail("log-on", result, aboutLogOn(reply)));
            case UNREACHABLE, SILENT ->
                findings.accept(Finding.fail(
                        failure.phase() == Phase.GREETING
                                ? "banner"
                                : failure.phase().name().toLowerCase(Locale.ROOT),
                        result,
                        aboutSilence(failure.phase())));
            case REFUSES ->
                findings.accept(Finding.fail(
                        failure.phase() == Phase.GREETING ? "banner" : "ehlo",
                        result,
                        reply.code() >= 500
                                ? "the server refuses this machine: ask the server's administrator"
                                        + " to allow this machine's address"
                                : "the server currently accepts no mail: try again later;"
                                        + " the server's log may give the reason"));
        }
    }

    private String aboutCertificate(Reply reply) {
        String text = reply.text().toLowerCase(Locale.ROOT);
        if (relay.trust().pinnedKey().isPresent() && text.contains("pinnedkey")) {
            return "the server's key is not the one in pinnedKey: find out why, then set pinnedKey to the key shown above";
        }
        return text.contains("no subject alternative") || text.contains("no name matching")
                ? "the certificate is for another name: set host to a name in the certificate"
                : "the certificate is not issued by a trusted authority: add the issuer's certificate to trustStore"
                        + " (--save-certificates saves the server's certificates)";
    }

    private static String aboutTls(Reply reply) {
        String text = reply.text().toLowerCase(Locale.ROOT);
        return text.contains("does not offer starttls")
                ? "set tls=\"implicit\" and port=\"465\", or ask the server's administrator to enable STARTTLS."
                        + " Use tls=\"none\" only if the server runs on this machine"
                : "Sendport and the server could not agree on TLS: see the server's answer and its log";
    }

    private String aboutSilence(Phase phase) {
        if (phase == Phase.CONNECT) {
            return "cannot connect to the server: check host and port, firewalls, and that the server is running";
        }
        if (phase != Phase.GREETING) {
            return "the server closed the connection or did not answer in time; check its log";
        }
        return "the server accepted the connection, then closed it or sent no greeting in time. It may be overloaded, or it may"
                + " not be an SMTP server"
                + (relay.tls() == Relay.Tls.IMPLICIT
                        ? "; check its log"
                        : ". If it expects TLS first, as on TCP port 465, set tls=\"implicit\"; otherwise check its log");
    }

    private static String aboutLogOn(Reply reply) {
        return switch (reply.code()) {
            case 535 -> "user or password is wrong, or the account is locked or must not send by SMTP";
            case 534 -> "the server requires another log-on method, such as a stronger auth or a one-time consent";
            case 530 -> "the server requires a log-on, or TLS before it";
            case 538 -> "the server requires TLS before a log-on";
            case 454 -> "the server cannot check accounts at the moment: try later";
            default ->
                reply.text().contains("NTLM version 1")
                        ? "ask the server's administrator to enable NTLMv2, or set another auth"
                        : "see the server's log, and compare auth with what the server offers";
        };
    }
}
