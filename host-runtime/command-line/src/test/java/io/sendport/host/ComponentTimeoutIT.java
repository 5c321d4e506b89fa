package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.MessageScope;
import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.condition.ConditionKind;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.SettableClock;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A component that never returns costs its own message and no other, and somebody is told of it. */
@Timeout(600)
@InTurn
class ComponentTimeoutIT {

    private static final int CONNECTIONS = 2;

    /** More than a port has in hand, which is four for each connection. */
    private static final int HANGING = CONNECTIONS * 4 + 2;

    private static final AtomicInteger UNDER_WAY = new AtomicInteger();
    private static volatile CountDownLatch released = new CountDownLatch(1);

    @TempDir
    private Path folder;

    private ScriptedServer relay;
    private RunningHost host;

    private static boolean saysHang(Message message) throws Exception {
        try (InputStream in = message.bodyPart().body().open()) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).equals("hang");
        }
    }

    /** Waits until the test is over for a message that says so, and passes all others. */
    public record WaitsForEver() implements MessageComponent {
        @Override
        public Optional<Message> process(Message message, MessageScope scope) throws Exception {
            if (saysHang(message)) {
                UNDER_WAY.incrementAndGet();
                released.await();
            }
            return Optional.of(message);
        }
    }

    /** As {@link WaitsForEver}, and takes no notice of an interrupt, as code does that waits for a socket. */
    public record IgnoresInterrupts() implements MessageComponent {
        @Override
        public Optional<Message> process(Message message, MessageScope scope) throws Exception {
            if (saysHang(message)) {
                UNDER_WAY.incrementAndGet();
                while (released.getCount() > 0) {
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        // As if nothing had happened: this is what the test is about.
                    }
                }
            }
            return Optional.of(message);
        }
    }

    /** Leaves the interrupt flag of the thread set. */
    public record LeavesTheInterruptFlagSet() implements MessageComponent {
        @Override
        public Optional<Message> process(Message message, MessageScope scope) {
            Thread.currentThread().interrupt();
            return Optional.of(message);
        }
    }

    @BeforeEach
    void start() throws Exception {
        released = new CountDownLatch(1);
        UNDER_WAY.set(0);
        relay = new ScriptedServer();
    }

    @AfterEach
    void stop() throws Exception {
        released.countDown();
        if (host != null) {
            host.close();
        }
        relay.close();
    }

    private void start(Class<?> component, String attributes, Clock clock) throws Exception {
        host = RunningHost.start(
                folder, """
                <messageBox url='jdbc:sqlite:box.db'/>
                <host name='H'><smtp host='127.0.0.1' port='%d' tls='none' maxConnections='%d'/></host>
                <pipeline name='Own'><preAssemble><component class='%s' %s/></preAssemble></pipeline>
                <sendPort name='P' host='H' pipeline='Own'><mail from='a@corp.example' to='b@customer.example'/></sendPort>
                <sendPort name='Q' host='H'><mail from='a@corp.example' to='b@customer.example'/></sendPort>
                """.formatted(relay.port(), CONNECTIONS, component.getName(), attributes), clock);
    }

    private MessageId submit(String port, String text) {
        return host.submit(port, Body.of(text, StandardCharsets.US_ASCII));
    }

    private static void await(String what, BooleanSupplier wanted) throws Exception {
        Patience.until(what, wanted::getAsBoolean);
    }

    private void requireSent(MessageId id) throws InterruptedException {
        MessageRow row = host.await(id, each -> each.state().isEnd() || each.state() == MessageState.SUSPENDED);
        assertThat(row.state()).as(row.lastError()).isEqualTo(MessageState.DONE);
    }

    @ParameterizedTest
    @ValueSource(classes = {WaitsForEver.class, IgnoresInterrupts.class})
    void suspendsMessagesThatHangInAComponentAndSendsTheOthers(Class<?> component) throws Exception {
        start(component, "timeout='PT1S'", Clock.systemUTC());
        List<MessageId> hanging = new ArrayList<>();
        for (int i = 0; i < HANGING; i++) {
            hanging.add(submit("P", "hang"));
        }
        List<MessageId> others = List.of(submit("P", "x"), submit("P", "y"), submit("Q", "z"));

        for (MessageId id : hanging) {
            MessageRow row = host.await(id, each -> each.state() == MessageState.SUSPENDED);
            assertThat(row.state()).isEqualTo(MessageState.SUSPENDED);
            assertThat(row.lastError()).contains("preAssemble", component.getName());
            assertThat(row.attempts()).isZero();
        }
        for (MessageId id : others) {
            requireSent(id);
        }
        assertThat(relay.mails()).hasSize(others.size());
        // What comes back late finds that the message is no longer its own.
        released.countDown();
        requireSent(submit("P", "late"));
        assertThat(relay.mails()).hasSize(others.size() + 1);
        assertThat(hanging).allSatisfy(id -> assertThat(host.row(id).state()).isEqualTo(MessageState.SUSPENDED));
    }

    /** 2^40 calls in an {@code <xslt>} and in an outbound map, that write now and then, so that their threads end once they are given up. */
    @Test
    void suspendsAMessageWhenItsStylesheetDoesNotEnd() throws Exception {
        Files.writeString(
                folder.resolve("endless.xsl"),
                "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:output method='text'/>"
                        + "<xsl:template match='/fast'>x</xsl:template><xsl:template match='/slow'>"
                        + "<xsl:call-template name='t'><xsl:with-param name='n' select='40'/></xsl:call-template></xsl:template>"
                        + "<xsl:template name='t'><xsl:param name='n'/><xsl:if test='$n = 6'>x</xsl:if><xsl:if test='$n &gt; 0'>"
                        + "<xsl:call-template name='t'><xsl:with-param name='n' select='$n - 1'/></xsl:call-template>"
                                .repeat(2)
                        + "</xsl:if></xsl:template></xsl:stylesheet>");
        host = RunningHost.start(folder, """
                <messageBox url='jdbc:sqlite:box.db'/>
                <host name='H'><smtp host='127.0.0.1' port='%d' tls='none'/></host>
                <pipeline name='Own'><preAssemble><xslt stylesheet='endless.xsl' timeout='PT1S'/></preAssemble></pipeline>
                <sendPort name='P' host='H' pipeline='Own'><mail from='a@corp.example' to='b@customer.example'/></sendPort>
                <sendPort name='Q' host='H'>
                  <mail from='a@corp.example' to='b@customer.example'/>
                  <map messageType='slow' stylesheet='endless.xsl' timeout='PT1S'/>
                  <map messageType='fast' stylesheet='endless.xsl' timeout='PT1S'/>
                </sendPort>
                """.formatted(relay.port()));
        for (String port : List.of("P", "Q")) {
            MessageId slow = submit(port, "<slow/>");
            MessageRow row = host.await(slow, each -> each.state() == MessageState.SUSPENDED);
            assertThat(row.state()).isEqualTo(MessageState.SUSPENDED);
            assertThat(row.lastError()).contains("preAssemble", port.equals("P") ? "component xslt" : "component map");
            requireSent(submit(port, "<fast/>"));
        }
    }

    /** The time for which a component runs is taken by the clock of the process, which this test sets ahead. */
    @Test
    void healthNamesAMessageThatIsInAComponentForTooLong() throws Exception {
        SettableClock clock = new SettableClock();
        start(WaitsForEver.class, "", clock);
        MessageId id = submit("P", "hang");
        await("the component has the message", () -> UNDER_WAY.get() == 1);
        assertThat(faultsThatName(id)).as("while it has not run for long").isEmpty();

        clock.advance(Duration.ofHours(1));
        await("health names the message", () -> !faultsThatName(id).isEmpty());
        assertThat(faultsThatName(id).toString()).contains("preAssemble", WaitsForEver.class.getName());
        requireSent(submit("Q", "x"));
        assertThat(host.row(id).state()).as("it may still come to an end").isEqualTo(MessageState.WAITING);

        released.countDown();
        requireSent(id);
        await("health names it no longer", () -> faultsThatName(id).isEmpty());
    }

    private List<String> faultsThatName(MessageId id) {
        return Stream.of(host.told(ConditionKind.COMPONENT_SLOW))
                .filter(each -> each.contains(id.value()))
                .toList();
    }

    @Test
    void sendsAMessageWhoseComponentLeavesTheInterruptFlagSet() throws Exception {
        start(LeavesTheInterruptFlagSet.class, "", Clock.systemUTC());
        MessageId id = submit("P", "x");
        requireSent(id);
        assertThat(host.row(id).attempts()).isEqualTo(1);
        assertThat(relay.mails()).hasSize(1);
    }
}
