package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Finding;
import io.sendport.config.read.Reading;
import io.sendport.host.operate.check.Diagnosis;
import io.sendport.host.pipeline.Extensions;
import io.sendport.testing.ScriptedServer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class DoctorSettingsIT {

    @TempDir
    private Path folder;

    @Test
    void doesNotConnectWhileAPlaceholderHasNoValue() throws Exception {
        try (ScriptedServer server = new ScriptedServer().offering("AUTH PLAIN")) {
            String smtp = "<smtp host='127.0.0.1' port='" + server.port() + "' tls='none' ";
            for (String wrong : List.of(
                    smtp + "auth='basic' user='billing' password='{{env:NO_SUCH_PASSWORD}}'/>",
                    smtp + "auth='basic' user='billing' password='{{file:no-such-file}}'/>",
                    smtp + "auth='xoauth2' user='billing'><oauth2 tokenUrl='http://127.0.0.1:1/token' clientId='c'"
                            + " clientSecret='{{env:NO_SUCH_PASSWORD}}'/></smtp>")) {
                assertThat(findings("<host name='H'>" + wrong + "</host>"))
                        .singleElement()
                        .satisfies(found -> {
                            assertThat(found.level()).isEqualTo(Finding.Level.FAIL);
                            assertThat(found.result())
                                    .contains("sendport.xml:")
                                    .containsPattern("NO_SUCH_PASSWORD|no-such-file");
                        });
            }
            assertThat(findings("<host name='H'><identity user='CORP\\x' password='{{env:NO_SUCH_PASSWORD}}'/>" + smtp
                            + "auth='ntlm'/></host>"))
                    .singleElement()
                    .extracting(Finding::level)
                    .isEqualTo(Finding.Level.FAIL);
            assertThat(server.commands()).isEmpty();
        }
    }

    /** A relay inside the process answers every port with 250, whatever is behind it. */
    @Test
    void checksTheNextHopOfAnEmbeddedRelayOnceForAllPorts() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            String port =
                    "<sendPort name='%s' host='H'><mail from='a@corp.example' to='b@customer.example'/></sendPort>";
            Reading reading = RunningHost.read(
                    folder,
                    "<smtpConnection name='Behind' host='127.0.0.1' port='" + server.port() + "' tls='none'/>"
                            + "<host name='H'><auditRelay embedded='true' archive='relay' nextHop='Behind'/></host>"
                            + port.formatted("P") + port.formatted("Q"));
            List<String> targets = new ArrayList<>();
            assertThat(new Diagnosis(Extensions.of(folder.resolve("plugins")), Optional.empty(), Clock.systemUTC())
                            .checkConfiguration(
                                    reading, Optional.empty(), (target, each) -> targets.add(target + ": " + each)))
                    .isTrue();
            assertThat(targets).as(targets.toString()).anyMatch(each -> each.startsWith("next hop of host H: "));
            assertThat(server.count("RCPT TO:")).as(targets.toString()).isEqualTo(1);
        }
    }

    private List<Finding> findings(String host) throws Exception {
        List<Finding> findings = new ArrayList<>();
        String port = "<sendPort name='P' host='H'><mail from='a@corp.example' to='b@customer.example'/></sendPort>";
        assertThat(new Diagnosis(Extensions.of(folder.resolve("plugins")), Optional.empty(), Clock.systemUTC())
                        .checkConfiguration(RunningHost.read(folder, host + port), Optional.of("P"), (target, each) -> {
                            if (target.startsWith("port")) {
                                findings.add(each);
                            }
                        }))
                .isFalse();
        return findings;
    }
}
