package io.sendport.console.pages;

import io.sendport.config.port.PortState;
import io.sendport.host.box.control.Pause;
import io.sendport.host.operate.MessageView;
import io.sendport.host.operate.PortNeed;
import io.sendport.host.operate.PortView;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Why a message is not sent yet.
 *
 * @param sentence the reason
 * @param until when this ends by itself; empty when it is unknown, or somebody must act
 * @param detail the port's own text about it; may be empty
 */
public record Waiting(String sentence, Optional<Instant> until, String detail) {

    /**
     * The reason for a message that waits or is to be tried again; empty for any other, and when its port sends.
     *
     * @param ports finds a port by its name, if it still exists
     */
    static Optional<Waiting> of(MessageView message, Function<String, Optional<PortView>> ports) {
        return switch (message.state()) {
            case WAITING, RETRYING, SCHEDULED -> ports.apply(message.port()).flatMap(Waiting::of);
            case SENDING, IN_DOUBT, SUSPENDED, DONE, CONSUMED, TERMINATED -> Optional.empty();
        };
    }

    private static Optional<Waiting> of(PortView port) {
        Optional<Pause> pause = port.pause();
        // Without a pause, the port only has messages whose next attempt is planned.
        return port.waitsFor()
                .filter(need -> need != PortNeed.RELAY || pause.isPresent())
                .map(need -> new Waiting(
                        sentence(need, port),
                        pause.flatMap(Pause::until),
                        need == PortNeed.WINDOW || need == PortNeed.RATE
                                ? ""
                                : pause.map(Pause::text).orElse("")));
    }

    private static String sentence(PortNeed need, PortView port) {
        return switch (need) {
            case INSTANCE -> "It waits because no instance of host " + port.host() + " is running.";
            case START ->
                port.state() == PortState.UNENLISTED
                        ? "It waits because its port is unenlisted."
                        : "It waits because its port is stopped.";
            case CONFIGURATION -> "It waits because the configuration of its port is not correct.";
            case CREDENTIAL -> "It waits because the server does not accept the account of its port.";
            case RELAY -> "It waits because the relay accepts no mail from its port.";
            case ORDER -> "It waits for an earlier message, because its port keeps the order.";
            case WINDOW -> "It waits for the service window of its port.";
            case RATE -> "It waits because its port has reached its rate.";
        };
    }
}
