package io.sendport.smtp.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Finding;
import io.sendport.api.adapter.Finding.Level;
import io.sendport.api.adapter.Visit;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.settings.Identity;
import io.sendport.api.settings.Secret;
import io.sendport.smtp.relay.Account;
import io.sendport.smtp.relay.Relay;
import io.sendport.smtp.relay.Trust;
import io.sendport.testing.NobodysPort;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class DoctorIT {

    private ScriptedServer server;
    private final ScheduledExecutorService watchdog = Executors.newScheduledThreadPool(1);

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        watchdog.shutdownNow();
    }

    private Relay relay(String host, int port, Account.Auth auth) {
        Duration timeout = Patience.LIMIT;
        return new Relay(
                host,
                port,
                Relay.Tls.NONE,
                auth == Account.Auth.NONE
                        ? Account.NONE
                        : new Account(
                                auth,
                                Optional.of(new Identity("", "billing", new Secret("pass"))),
                                true,
                                false,
                                Optional.empty(),
                                Optional.empty()),
                Trust.OF_THE_JDK,
                Optional.empty(),
                new Relay.Limits(1, 1, timeout, timeout, 1, timeout, timeout, timeout, timeout));
    }

    private List<Finding> examined(Relay relay) {
        List<Finding> findings = new ArrayList<>();
        new Doctor(relay, Clock.systemUTC(), watchdog, findings::add)
                .examine(new Visit(
                        Optional.of(MailAddress.parse("billing@corp.example")),
                        Optional.of(MailAddress.parse("accounts@customer.example")),
                        Optional.empty()));
        return findings;
    }

    private static Finding of(List<Finding> findings, String check) {
        return findings.stream()
                .filter(each -> each.check().equals(check))
                .findFirst()
                .orElseThrow(() -> new AssertionError(check + " in " + findings));
    }

    @Test
    void reportsNoFailureForAHealthyServerAndSendsNothing() {
        server.offering("250-test\r\n250-SIZE 1000\r\n250 AUTH PLAIN");
        List<Finding> findings = examined(relay("127.0.0.1", server.port(), Account.Auth.BASIC));
        assertThat(findings).noneMatch(each -> each.level() == Level.FAIL);
        assertThat(of(findings, "ehlo").result()).contains("SIZE 1000", "AUTH PLAIN");
        assertThat(of(findings, "log-on").result()).contains("PLAIN");
        assertThat(of(findings, "recipient").result()).contains("250");
        assertThat(of(findings, "tls").result()).contains("not encrypted", "does not leave this machine");
        assertThat(server.count("AUTH")).as("the stranger gives nothing away").isEqualTo(1);
        assertThat(server.count("DATA")).isZero();
        assertThat(server.count("RSET")).isEqualTo(1);
        assertThat(findings.toString()).doesNotContain("pass");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AUTH|535 5.7.8 no|log-on|user or password is wrong",
                "RCPT|550 5.7.1 relay access denied|recipient|does not allow this mail",
                "RCPT|550 5.1.1 unknown|recipient|does not know this recipient",
                "RCPT|450 4.2.0 greylisted|recipient|a port would retry",
                "MAIL|553 5.1.8 sender rejected|sender|does not accept this sender",
                "GREETING|554 5.7.1 go away|banner|refuses this machine",
                "GREETING|CLOSE|banner|may not be an SMTP server",
                "EHLO|CLOSE|ehlo|closed the connection or did not answer in time"
            })
    void advisesWhatToDoAfterEachFailure(String command, String answer, String check, String advice) {
        server.offering("250-test\r\n250 AUTH PLAIN").on(command, answer);
        Finding finding = of(examined(relay("127.0.0.1", server.port(), Account.Auth.BASIC)), check);
        assertThat(finding.level()).isEqualTo(Level.FAIL);
        assertThat(finding.advice()).contains(advice);
        assertThat(server.count("DATA")).isZero();
    }

    @Test
    void listsTheOfferedMechanismsWhenNoneFits() {
        server.offering("250-test\r\n250 AUTH NTLM XOAUTH2");
        Finding finding = of(examined(relay("127.0.0.1", server.port(), Account.Auth.BASIC)), "auth offer");
        assertThat(finding.result()).contains("NTLM XOAUTH2", "auth needs PLAIN or LOGIN");
    }

    @Test
    void distinguishesAClosedPortFromAnUnknownHostName() throws Exception {
        try (NobodysPort nobody = new NobodysPort()) {
            Finding closed =
                    of(examined(relay("127.0.0.1", nobody.number(), Account.Auth.NONE)), "port " + nobody.number());
            assertThat(closed.level()).isEqualTo(Level.FAIL);
            assertThat(closed.advice()).contains("no server listens on this port");
        }
        Finding unknown = of(examined(relay("no-such-host.invalid", 25, Account.Auth.NONE)), "dns");
        assertThat(unknown.level()).isEqualTo(Level.FAIL);
    }
}
