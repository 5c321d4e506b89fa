package io.sendport.console.pages;

import io.sendport.config.port.PortState;
import io.sendport.host.operate.MessageView;
import io.sendport.host.operate.PortNeed;
import io.sendport.host.operate.PortView;
import java.util.List;
import java.util.Optional;

/** Why a message is not sent yet. */
final class Waiting {

    private Waiting() {}

    /** A sentence for a message that waits or is to be tried again; empty for any other, and when the port sends. */
    static Optional<String> reason(MessageView message, List<PortView> ports) {
        return switch (message.state()) {
            case WAITING, RETRYING, SCHEDULED ->
                ports.stream()
                        .filter(port -> port.name().equals(message.port()))
                        .findFirst()
                        .flatMap(Waiting::reason);
            case SENDING, IN_DOUBT, SUSPENDED, DONE, CONSUMED, TERMINATED -> Optional.empty();
        };
    }

    private static Optional<String> reason(PortView port) {
        return port.waitsFor()
                .map(need -> sentence(need, port)
                        + port.pause().map(pause -> " " + pause.text()).orElse(""));
    }

    private static String sentence(PortNeed need, PortView port) {
        return switch (need) {
            case INSTANCE -> "It waits because no instance of host " + port.host() + " is running.";
            case START ->
                port.state() == PortState.UNENLISTED
                        ? "It waits because its port is unenlisted."
                        : "It waits because its port is stopped.";
            case CONFIGURATION -> "It waits because the configuration of its port is not correct.";
            case CREDENTIAL -> "It waits because the server did not accept the account.";
            case RELAY -> "It waits for its relay.";
            case ORDER -> "It waits for an earlier message, because its port keeps the order.";
            case WINDOW -> "It waits for the service window of its port.";
            case RATE -> "It waits because its port has reached its rate.";
        };
    }
}
