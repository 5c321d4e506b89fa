package io.sendport.console.pages;

import io.sendport.host.box.control.Pause;
import io.sendport.host.operate.MessageView;
import io.sendport.host.operate.PortNeed;
import io.sendport.host.operate.PortView;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Why a message, or the messages of a port, are not sent yet.
 *
 * @param sentence the reason
 * @param until when this ends by itself; empty when that is unknown, or an operator must act
 * @param detail the port's own text about it; may be empty
 */
public record Waiting(String sentence, Optional<Instant> until, String detail) {

    /**
     * The reason for a waiting, retrying or scheduled message; empty for other states, and when its port is sending.
     *
     * @param ports finds a port by its name, if it still exists
     */
    static Optional<Waiting> of(MessageView message, Function<String, Optional<PortView>> ports) {
        return switch (message.state()) {
            case WAITING, RETRYING, SCHEDULED ->
                ports.apply(message.port()).flatMap(port -> of(port, "The message waits because ", "its port"));
            case SENDING, IN_DOUBT, SUSPENDED, DONE, CONSUMED, TERMINATED -> Optional.empty();
        };
    }

    /** The reason for the messages of {@code port}; empty when it is sending. */
    static Optional<Waiting> of(PortView port) {
        return of(port, "Messages wait because ", "this port");
    }

    private static Optional<Waiting> of(PortView port, String subject, String name) {
        Optional<Pause> pause = port.pause();
        return port.waitsFor()
                .map(need -> new Waiting(
                        subject + need.because(port, name) + ".",
                        pause.flatMap(Pause::until),
                        need == PortNeed.WINDOW || need == PortNeed.RATE
                                ? ""
                                : pause.map(Pause::text).orElse("")));
    }
}
