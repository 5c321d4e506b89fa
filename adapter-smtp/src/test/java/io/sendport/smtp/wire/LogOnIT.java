package io.sendport.smtp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.settings.Identity;
import io.sendport.api.settings.Secret;
import io.sendport.smtp.relay.Account;
import io.sendport.smtp.relay.Relay;
import io.sendport.smtp.relay.Trust;
import io.sendport.smtp.sasl.Kdc;
import io.sendport.smtp.sasl.NtlmServer;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Log-ons against servers that hold a real mechanism, and against some that only pretend to. */
@Timeout(300)
class LogOnIT {

    private static final String PASSWORD = "pa55-canary";

    @TempDir
    private Path folder;

    private final ScheduledExecutorService watchdog = Executors.newScheduledThreadPool(1);
    private ScriptedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        watchdog.shutdownNow();
    }

    private SmtpConnection opened(Account account) throws Exception {
        Duration timeout = Patience.LIMIT;
        Relay relay = new Relay(
                "localhost",
                server.port(),
                Relay.Tls.NONE,
                account,
                Trust.OF_THE_JDK,
                Optional.of("test"),
                new Relay.Limits(1, 100, timeout, timeout, 100, timeout, timeout, timeout, timeout));
        return new RelaySession(relay, watchdog, Clock.systemUTC(), Optional.empty()).open();
    }

    private SmtpException refused(Account account) throws Exception {
        try {
            SmtpConnection connection = opened(account);
            throw new AssertionError("logged on by " + connection.channel().auth());
        } catch (SmtpException e) {
            assertThat(e.phase()).isEqualTo(Phase.AUTH);
            return e;
        }
    }

    private static Account account(Account.Auth auth, String domain, String user, boolean bare) {
        return new Account(
                auth,
                Optional.of(new Identity(domain, user, new Secret(PASSWORD))),
                true,
                bare,
                Optional.empty(),
                Optional.empty());
    }

    private static Account ticket(Optional<Path> cache) {
        return new Account(Account.Auth.GSSAPI, Optional.empty(), true, false, Optional.empty(), cache);
    }

    /** Java's server sent no target information. */
    @ParameterizedTest
    @CsvSource({"CORP,svc", "'',svc@corp.example", "'',svc"})
    void logsOnWithNtlmForEveryFormOfUserName(String domain, String user) throws Exception {
        server.offering("250-test\r\n250 AUTH NTLM").admitting(NtlmServer.inJava(domain, PASSWORD));
        SmtpConnection connection = opened(account(Account.Auth.NTLM, domain, user, true));
        assertThat(connection.channel().auth()).isEqualTo("NTLM");
        assertThat(connection.lines())
                .anyMatch(line -> line.startsWith("S: 235"))
                .noneMatch(line -> line.contains(PASSWORD));
        connection.quit();
        server.admitting(NtlmServer.inJava(domain, "another"));
        assertThat(refused(account(Account.Auth.NTLM, domain, user, true))
                        .reply()
                        .code())
                .isEqualTo(535);
    }

    @Test
    void rejectsSuccessBeforeTheNtlmLogOnIsComplete() throws Exception {
        server.offering("250-test\r\n250 AUTH NTLM").on("AUTH", "235 2.7.0 come in");
        SmtpException e = refused(account(Account.Auth.NTLM, "CORP", "svc", false));
        assertThat(e.reply().code()).isZero();
        assertThat(e.reply().text()).contains("before the NTLM log-on was complete");
    }

    @Test
    void cancelsTheLogOnWhenTheChallengeIsInvalid() throws Exception {
        for (String challenge :
                new String[] {"334 NTLM supported", "334", "334 TlRMTVNTUAAD", "334 " + "QUFB".repeat(15_000)}) {
            server.commands().clear();
            server.offering("250-test\r\n250 AUTH NTLM").on("AUTH", challenge);
            refused(account(Account.Auth.NTLM, "CORP", "svc", false));
            assertThat(server.commands().subList(3, server.commands().size()))
                    .as(challenge)
                    .allMatch("*"::equals);
        }
    }

    @Test
    void answersABareNtlmChallengeOnlyWhenAllowed() throws Exception {
        String bare = "TlRMTVNTUAACAAAAEgASADAAAAAFggIAAe9mI4A5C8QAAAAAAAAAAAAAAAAAAAAATABPAEMAQQBMAEgATwBTAFQA";
        server.offering("250-test\r\n250 AUTH NTLM").on("AUTH", "334 " + bare).on("TlRM", "235 in");
        assertThat(refused(account(Account.Auth.NTLM, "CORP", "svc", false))
                        .reply()
                        .text())
                .contains("sent no target information")
                .contains("allowBareNtlm");
        assertThat(server.commands()).contains("*").noneMatch(line -> line.startsWith("TlRM"));
        SmtpConnection connection = opened(account(Account.Auth.NTLM, "CORP", "svc", true));
        String last = server.commands().get(server.commands().size() - 1);
        assertThat(NtlmServer.responseLength(last)).isGreaterThan(24);
        connection.quit();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN"})
    void stopsAnsweringEndlessChallenges(String mechanism) throws Exception {
        server.offering("250-test\r\n250 AUTH " + mechanism).on("", "334 VXNlcm5hbWU6");
        server.on("EHLO", "250-test\r\n250 AUTH " + mechanism).on("GREETING", "220 test");
        refused(account(Account.Auth.BASIC, "", "u", false));
        assertThat(server.commands()).hasSizeLessThan(8);
    }

    @Test
    void usesAuthLoginWhenPlainIsNotOffered() throws Exception {
        server.offering("250-test\r\n250 AUTH LOGIN CRAM-MD5")
                .on("AUTH LOGIN", "334 VXNlcm5hbWU6")
                .on("asO2cmc=", "334 UGFzc3dvcmQ6")
                .on("cGE1", "235 in");
        SmtpConnection connection = opened(account(Account.Auth.BASIC, "", "jörg", false));
        assertThat(server.commands()).containsSubsequence("AUTH LOGIN", "asO2cmc=", "cGE1NS1jYW5hcnk=");
        assertThat(connection.lines().toString()).doesNotContain("cGE1NS1jYW5hcnk=");
        connection.quit();
    }

    @Test
    void sendsALongInitialResponseAfterTheAuthCommand() throws Exception {
        server.offering("250-test\r\n250 AUTH PLAIN").on("AUTH PLAIN", "334 ").on("AHVz", "235 in");
        Account account = new Account(
                Account.Auth.BASIC,
                Optional.of(new Identity("", "user", new Secret("x".repeat(500)))),
                true,
                false,
                Optional.empty(),
                Optional.empty());
        opened(account).quit();
        assertThat(server.commands()).contains("AUTH PLAIN").noneMatch(line -> line.startsWith("AUTH PLAIN "));
    }

    @Test
    void logsOnOnlyWithAValidKerberosTicket() throws Exception {
        try (Kdc kdc = new Kdc(Files.createDirectories(folder.resolve("kdc")))) {
            Subject service = service(kdc.keytab("smtp/localhost"));
            server.offering("250-test\r\n250 AUTH GSSAPI").admitting(() -> as(service));
            SmtpConnection connection = opened(ticket(Optional.of(kdc.ticket("billing", 600))));
            assertThat(connection.channel().auth()).isEqualTo("GSSAPI");
            assertThat(connection.lines()).anyMatch(line -> line.contains("in as billing"));
            connection.quit();
            assertThat(server.commands()).contains("AUTH GSSAPI");
            assertThat(refused(ticket(Optional.of(kdc.ticket("late", -60))))
                            .reply()
                            .text())
                    .contains("no Kerberos ticket found in");
            assertThat(refused(ticket(Optional.of(folder.resolve("nothing"))))
                            .reply()
                            .text())
                    .contains("no Kerberos ticket found in");
            Path good = kdc.ticket("again", 600);
            server.on("ADMITTED", "535 5.7.8 not you");
            assertThat(refused(ticket(Optional.of(good))).reply().code()).isEqualTo(535);
            server.admitting(() -> new Pretender());
            assertThat(refused(ticket(Optional.of(good))).reply().text()).contains("Kerberos");
        }
    }

    private static SaslServer as(Subject service) throws Exception {
        return Subject.doAs(service, (PrivilegedExceptionAction<SaslServer>)
                () -> Sasl.createSaslServer("GSSAPI", "smtp", "localhost", Map.of(Sasl.QOP, "auth"), callbacks -> {
                    for (Callback each : callbacks) {
                        if (each instanceof AuthorizeCallback asked) {
                            asked.setAuthorized(asked.getAuthenticationID().equals(asked.getAuthorizationID()));
                        }
                    }
                }));
    }

    private static Subject service(Path keytab) throws Exception {
        Configuration configuration = new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                return new AppConfigurationEntry[] {
                    new AppConfigurationEntry(
                            "com.sun.security.auth.module.Krb5LoginModule",
                            LoginModuleControlFlag.REQUIRED,
                            Map.of(
                                    "useKeyTab", "true",
                                    "keyTab", keytab.toString(),
                                    "principal", "smtp/localhost@EXAMPLE.TEST",
                                    "storeKey", "true",
                                    "isInitiator", "false",
                                    "doNotPrompt", "true",
                                    "refreshKrb5Config", "true"))
                };
            }
        };
        LoginContext login = new LoginContext("service", new Subject(), null, configuration);
        login.login();
        return login.getSubject();
    }

    /** Has no keys, and answers all the same. */
    private static final class Pretender implements SaslServer {
        @Override
        public String getMechanismName() {
            return "GSSAPI";
        }

        @Override
        public byte[] evaluateResponse(byte[] response) {
            return new byte[] {1, 2, 3};
        }

        @Override
        public boolean isComplete() {
            return false;
        }

        @Override
        public String getAuthorizationID() {
            return "";
        }

        @Override
        public byte[] unwrap(byte[] incoming, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] wrap(byte[] outgoing, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object getNegotiatedProperty(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void dispose() {
            // Nothing is held.
        }
    }
}
