package io.sendport.component.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Finding;
import io.sendport.component.mime.Scopes;
import io.sendport.test.TestHost;
import io.sendport.testing.NobodysPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DkimDoctorTest {

    private static final String NAME = "s1._domainkey.corp.example";

    @TempDir
    private static Path folder;

    private static DkimKey key;
    private DnsResponder dns;

    @BeforeAll
    static void makeKey() throws Exception {
        key = DkimKey.shared();
        key.write(folder.resolve("dkim.pem"));
    }

    @BeforeEach
    void start() throws Exception {
        dns = new DnsResponder();
    }

    @AfterEach
    void stop() throws Exception {
        dns.close();
    }

    private Finding examined() {
        return examined(dns.address(), "dkim.pem");
    }

    private static Finding examined(String nameServer, String file) {
        List<Finding> found = new ArrayList<>();
        new DkimFactory()
                .diagnose(
                        Scopes.element(
                                folder, "dkim", Map.of("domain", "Corp.example", "selector", "S1", "signingKey", file)),
                        new TestHost(folder),
                        Optional.of(nameServer),
                        found::add);
        assertThat(found).hasSize(1);
        assertThat(found.get(0).check()).isEqualTo("dkim");
        return found.get(0);
    }

    private static void requireFailure(Finding finding, String result, String advice) {
        assertThat(finding.level()).isEqualTo(Finding.Level.FAIL);
        assertThat(finding.result()).contains(result);
        assertThat(finding.advice()).contains(advice);
    }

    @Test
    void findsThePublishedKeyWithOneQuery() {
        dns.publish(NAME, key.record());
        assertThat(examined())
                .isEqualTo(Finding.ok("dkim", NAME + " is published: it has the public key of signingKey"));
        assertThat(dns.asked).hasValue(1);
    }

    @Test
    void findsTheKeyInEveryFormThatDomainsPublish() {
        dns.publish(
                NAME,
                key.record().replace("; k=rsa; p=", ";\tt=s ; n=a \"note\" \\;h=sha1:sha256; s=email;p = ") + " ;");
        assertThat(examined().level()).isEqualTo(Finding.Level.OK);
        // Some split the key anywhere, and the answer is too long for a datagram.
        dns.publish(NAME, "v=spf1 -all", key.record().replaceAll("(.{50})", "$1 ") + "; n=" + "x".repeat(600));
        assertThat(examined().level()).isEqualTo(Finding.Level.OK);
        dns.publish(NAME, key.record().replace("v=DKIM1; ", "").replace("k=rsa; ", ""));
        assertThat(examined().level()).isEqualTo(Finding.Level.OK);
    }

    @Test
    void followsAnAlias() {
        dns.alias(NAME, "keys.provider.example");
        dns.publish("keys.provider.example", key.record());
        assertThat(examined().level()).isEqualTo(Finding.Level.OK);
    }

    @Test
    void advisesWhatToPublishWhenThereIsNoKey() {
        requireFailure(examined(), NAME + " has no TXT record", "publish this TXT record: " + key.record());
        dns.publish(NAME, "v=spf1 -all");
        requireFailure(examined(), "not a DKIM key", key.record());
        dns.publish(NAME);
        requireFailure(examined(), "has no TXT record", key.record());
    }

    @Test
    void distinguishesDifferentRevokedAndMultipleKeys() throws Exception {
        dns.publish(NAME, DkimKey.make(1024).record());
        requireFailure(
                examined(), "does not match signingKey", "set selector and signingKey to a pair that belongs together");
        dns.publish(NAME, "v=DKIM1; p=");
        requireFailure(examined(), "is revoked", "under another selector");
        dns.publish(NAME, key.record(), DkimKey.make(1024).record());
        requireFailure(examined(), "has 2 keys", "keep only this TXT record: " + key.record());
    }

    @Test
    void findsTagsThatKeepReceiversFromUsingTheKey() {
        for (String tag : List.of("h=sha1", "s=tlsrpt", "k=ed25519")) {
            dns.publish(NAME, key.record().replace("k=rsa", tag));
            requireFailure(examined(), tag.substring(0, 2) + " does not", key.record());
        }
        dns.publish(NAME, key.record() + "; t=y:s");
        assertThat(examined().level()).isEqualTo(Finding.Level.WARN);
        assertThat(examined().advice()).contains("remove t=y");
    }

    @Test
    void warnsWhenNoNameServerAnswers() throws Exception {
        dns.fails = true;
        Finding failure = examined();
        assertThat(failure.level()).isEqualTo(Finding.Level.WARN);
        assertThat(failure.result()).contains("cannot look up " + NAME);
        assertThat(failure.advice()).contains("--name-server");
        try (NobodysPort nobody = new NobodysPort()) {
            assertThat(examined("127.0.0.1:" + nobody.number(), "dkim.pem").level())
                    .isEqualTo(Finding.Level.WARN);
        }
        requireFailure(examined("ldap://evil/", "dkim.pem"), "is not a name server", "--name-server");
    }

    @Test
    void reportsAKeyThatCannotBeRead() {
        requireFailure(examined(dns.address(), "missing.pem"), "missing.pem cannot be opened", "openssl genpkey");
        assertThat(dns.asked).hasValue(0);
    }
}
