package io.sendport.smtp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.settings.Identity;
import io.sendport.api.settings.Secret;
import io.sendport.smtp.relay.Account;
import io.sendport.smtp.relay.Relay;
import io.sendport.testing.Patience;
import io.sendport.testing.Skipped;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Servers that others wrote, with {@code -Dinterop}: every way to be let in, and what they received compared with what was sent. The same
 * ways against the scripted server are in {@link LogOnIT} and {@code SmtpAdapterIT}.
 */
@Timeout(600)
class InteropIT {

    private record Way(Relay.Tls tls, Account.Auth auth, boolean good) {
        @Override
        public String toString() {
            return tls + " " + auth + (good ? "" : " with a wrong password");
        }
    }

    @TestFactory
    List<DynamicTest> serversOfOthers() {
        if (System.getProperty("interop") == null) {
            return List.of();
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (String peer : List.of("postfix", "exim", "dovecot")) {
            if (Peer.isHere(peer)) {
                tests.add(DynamicTest.dynamicTest(peer, () -> talkTo(peer, "PLAIN LOGIN NTLM")));
            } else {
                Skipped.note("interop with " + peer + ": it is not here, or this is not root");
            }
        }
        if (Peer.isHere("postfix")) {
            tests.add(DynamicTest.dynamicTest("postfix, LOGIN alone", () -> talkTo("postfix", "LOGIN")));
        }
        return tests;
    }

    private void talkTo(String name, String mechanisms) throws Exception {
        // Servers drop their privileges, and have to reach what is theirs.
        Path place = Files.createTempDirectory("sendport-interop");
        ScheduledExecutorService watchdog = Executors.newScheduledThreadPool(1);
        try (Peer peer = Peer.start(name, place, mechanisms)) {
            for (Way way : ways(name, mechanisms)) {
                if (way.good()) {
                    deliver(peer, way, watchdog);
                } else {
                    assertThatThrownBy(() -> open(peer, way, watchdog))
                            .as(name + " " + way)
                            .isInstanceOf(SmtpException.class)
                            .hasMessageContaining("535");
                }
            }
        } finally {
            watchdog.shutdownNow();
            try (var files = Files.walk(place)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private static List<Way> ways(String name, String mechanisms) {
        List<Way> ways = new ArrayList<>();
        if (!name.equals("dovecot")) {
            ways.add(new Way(Relay.Tls.NONE, Account.Auth.NONE, true));
        }
        for (Relay.Tls tls : List.of(Relay.Tls.REQUIRED, Relay.Tls.IMPLICIT)) {
            ways.add(new Way(tls, Account.Auth.BASIC, true));
            ways.add(new Way(tls, Account.Auth.BASIC, false));
            // Exim's knows version 1 alone, and Dovecot none.
            if (name.equals("postfix") && mechanisms.contains("NTLM")) {
                ways.add(new Way(tls, Account.Auth.NTLM, true));
                ways.add(new Way(tls, Account.Auth.NTLM, false));
            }
        }
        return ways;
    }

    private static SmtpConnection open(Peer peer, Way way, ScheduledExecutorService watchdog) throws Exception {
        Account account = way.auth() == Account.Auth.NONE
                ? Account.NONE
                : new Account(
                        way.auth(),
                        Optional.of(new Identity("", "alice", new Secret(way.good() ? "secret" : "wrong"))),
                        false,
                        true,
                        Optional.empty(),
                        Optional.empty());
        Duration timeout = Patience.LIMIT;
        Relay relay = new Relay(
                Peer.HOST,
                peer.port(way.tls()),
                way.tls(),
                account,
                peer.trust(),
                Optional.of("client.test"),
                new Relay.Limits(1, 100, timeout, timeout, 100, timeout, timeout, timeout, timeout));
        return new RelaySession(relay, watchdog, Clock.systemUTC(), Optional.empty()).open();
    }

    private static void deliver(Peer peer, Way way, ScheduledExecutorService watchdog) throws Exception {
        SmtpConnection connection = open(peer, way, watchdog);
        for (int i = 0; i < 3; i++) {
            String token = "token-" + System.nanoTime();
            String mail = "Subject: " + token + "\r\nFrom: a@corp.example\r\n\r\n.dot\r\n..two\r\n.\r\ntrailing \r\n"
                    + "x".repeat(900) + "\r\nend\r\n";
            int before = connection.roundTrips();
            List<Answer> results =
                    connection.transact(delivery(mail, "bob@example.test", "nosuch@example.test"), () -> true);
            assertThat(connection.roundTrips() - before)
                    .as(way + ": commands travel together")
                    .isEqualTo(2);
            assertThat(results.get(0).outcome()).as(way + " " + results).isEqualTo(Outcome.ACCEPTED);
            assertThat(peer.received(token)).as(way.toString()).endsWith(mail);
        }
        assertThat(connection.channel().auth().isEmpty()).as(way.toString()).isEqualTo(way.auth() == Account.Auth.NONE);
        connection.quit();
    }

    private static Delivery delivery(String mail, String... recipients) {
        return new Delivery(
                MessageId.random(),
                1,
                Optional.of(MailAddress.parse("a@corp.example")),
                Arrays.stream(recipients).map(MailAddress::parse).toList(),
                Handling.USUAL,
                Body.of(mail, StandardCharsets.US_ASCII),
                Transparency.SEVEN_BIT,
                "00",
                "<x@corp.example>");
    }
}
