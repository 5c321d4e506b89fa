package io.sendport.host;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.MessageScope;
import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.host.process.Environment;
import io.sendport.testing.Patience;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Submits messages one after the other, and says on standard output when each was acknowledged and when its result was. */
public final class OneByOne {

    private static final Semaphore SAID = new Semaphore(0);

    private OneByOne() {}

    /** Keeps a message from being sent before it was said that it is submitted. */
    public record AfterItsSubmit() implements MessageComponent {
        @Override
        public Optional<Message> process(Message message, MessageScope scope) throws Exception {
            SAID.acquire();
            return Optional.of(message);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Environment environment = Environment.of(folder.resolve("plugins"), Clock.systemUTC());
        try (RunningHost host = RunningHost.start(
                folder,
                "<messageBox url='jdbc:sqlite:var/sendport.db'/><host name='H'/>"
                        + "<pipeline name='Own'><preAssemble><component class='" + AfterItsSubmit.class.getName()
                        + "'/></preAssemble></pipeline>"
                        + "<sendPort name='P' host='H' pipeline='Own'><smtp host='127.0.0.1' port='" + arguments[1]
                        + "' tls='none'/>"
                        + "<mail from='a@corp.example' to='b@customer.example' subject='s'/></sendPort>",
                environment)) {
            for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                MessageId id = host.submit("P", Body.of("hello", StandardCharsets.UTF_8));
                System.out.println("submitted " + id);
                SAID.release();
                // The store shows a result before it is on disk; the port counts it afterwards.
                double results = i + 1;
                Patience.until(
                        "the result is acknowledged",
                        () -> accepted(environment.meters()) == results
                                || host.process().box().store().fault().isPresent());
                if (host.process().box().store().fault().isPresent()) {
                    throw new IllegalStateException("the disk failed");
                }
                System.out.println("sent " + id);
            }
        }
        System.exit(0);
    }

    private static double accepted(MeterRegistry registry) {
        Counter counter =
                registry.find("sendport.recipients").tag("outcome", "accepted").counter();
        return counter == null ? 0 : counter.count();
    }
}
