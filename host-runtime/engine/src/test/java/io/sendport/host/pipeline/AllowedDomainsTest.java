package io.sendport.host.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.MessageScope;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Part;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllowedDomainsTest {

    @TempDir
    private Path folder;

    /** Says where the message goes, as a component of one's own may. */
    public record Readdressing(String bcc) implements MessageComponent {
        @Override
        public Optional<Message> process(Message message, MessageScope scope) {
            return Optional.of(message.with(MessageProperties.BCC, bcc));
        }
    }

    private static Message message(Map<String, Object> properties) {
        return new Message(
                MessageId.random(),
                Instant.parse("2026-11-21T08:00:00Z"),
                Context.of(properties),
                List.of(Part.body("text/plain", Body.of("x", StandardCharsets.US_ASCII))));
    }

    private String recipients(String inside, Map<String, Object> properties) throws Exception {
        String content = "<host name='H'><smtp host='127.0.0.1' tls='none'/></host>"
                + "<pipeline name='Own'><preAssemble><component class='" + Readdressing.class.getName()
                + "'><property name='bcc' value='archive@corp.example'/></component></preAssemble></pipeline>"
                + "<sendPort name='P' host='H' " + inside + "</sendPort>";
        try (TestPorts ports = new TestPorts(folder, content)) {
            return ports.run("P", message(properties))
                    .deliveries()
                    .get(0)
                    .recipients()
                    .toString();
        }
    }

    @Test
    void limitsAddressesFromMacrosToTheListedDomains() throws Exception {
        String port = "><mail from='a@corp.example' to='%Who%' domains='customer.example *.partner.example'/>";
        assertThat(recipients(port, Map.of("Who", "joe@customer.example"))).isEqualTo("[joe@customer.example]");
        assertThat(recipients(port, Map.of("Who", "Joe <joe@x.partner.example>")))
                .isEqualTo("[joe@x.partner.example]");
        for (String other :
                List.of("evil@attacker.example", "evil@partner.example", "evil%attacker.example@customer.example")) {
            assertThatThrownBy(() -> recipients(port, Map.of("Who", other)))
                    .isInstanceOf(PipelineException.class)
                    .hasMessageContaining(
                            "the value of %Who% results in an address that <mail domains> does not allow");
        }
    }

    @Test
    void allowsAnyDomainWhenTheListIsAnAsterisk() throws Exception {
        String port = "><mail from='a@corp.example' to='%Who%' domains='*'/>";
        assertThat(recipients(port, Map.of("Who", "joe%x@anywhere.example"))).isEqualTo("[joe%x@anywhere.example]");
    }

    @Test
    void appliesToRecipientsThatAComponentAdds() throws Exception {
        String port = "pipeline='Own'><mail from='a@corp.example' to='b@customer.example'";
        assertThat(recipients(port + "/>", Map.of())).isEqualTo("[b@customer.example, archive@corp.example]");
        assertThatThrownBy(() -> recipients(port + " domains='customer.example'/>", Map.of()))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("stage assemble, component domains")
                .hasMessageContaining("recipient domain not allowed: archive@corp.example; see <mail domains>");
    }

    @Test
    void appliesToADynamicPortInAdditionToItsOwnList() throws Exception {
        String port = "><dynamic domains='customer.example other.example'/>"
                + "<mail from='a@corp.example' cc='%Who%' domains='customer.example'/>";
        assertThat(recipients(port, Map.of("SMTP.To", "b@customer.example", "Who", "c@customer.example")))
                .isEqualTo("[b@customer.example, c@customer.example]");
        assertThatThrownBy(() -> recipients(port, Map.of("SMTP.To", "b@other.example", "Who", "c@customer.example")))
                .hasMessageContaining("recipient domain not allowed: b@other.example; see <mail domains>");
    }
}
