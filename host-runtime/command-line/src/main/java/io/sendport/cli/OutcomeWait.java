package io.sendport.cli;

import io.sendport.api.message.MessageId;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.output.ExitStatus;
import io.sendport.cli.output.Output;
import io.sendport.host.box.MessageState;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.MessageDetails;
import io.sendport.host.operate.MessageView;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.PortView;
import io.sendport.host.operate.Submissions;
import io.sendport.support.text.Text;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Waits for the outcome of submitted messages, for {@code submit --wait}. It prints why a message is not sent yet as soon as that is
 * known, and the outcome for each recipient at the end. Text goes to {@code err}, so that {@code out} contains only ids, or JSON.
 */
final class OutcomeWait {

    /** The time between two looks at the reason. A message that is sent within it is not reported as late. */
    private static final Duration LOOK = Duration.ofSeconds(3);

    private final Operations operations;
    private final CommonOptions setup;
    private final PrintWriter out;
    private final PrintWriter err;
    private String printed = "";

    OutcomeWait(Operations operations, CommonOptions setup, PrintWriter out, PrintWriter err) {
        this.operations = operations;
        this.setup = setup;
        this.out = out;
        this.err = err;
    }

    /** Waits until each message is settled, at most {@code patience} for all; returns the exit status. */
    int run(List<MessageId> ids, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean all = true;
        for (MessageId id : ids) {
            MessageView message = settled(id, deadline);
            boolean sent = message.state() == MessageState.DONE;
            printOutcomes(operations.messages().details(id.value()));
            if (!sent) {
                print(standing(message));
            }
            all &= sent;
        }
        return all ? ExitStatus.DONE : ExitStatus.WRONG;
    }

    private MessageView settled(MessageId id, long deadline) throws InterruptedException {
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            boolean last = left.compareTo(LOOK) <= 0;
            MessageView message = operations.submissions().await(id, last ? left : LOOK);
            if (last || Submissions.isSettled(message.state())) {
                return message;
            }
            if (message.state() != MessageState.SENDING) {
                print(standing(message));
            }
        }
    }

    private void print(String line) {
        if (!line.equals(printed)) {
            err.println("sendport: " + line);
            err.flush();
            printed = line;
        }
    }

    private String standing(MessageView message) {
        return "message " + message.id() + " is " + message.state().word()
                + message.lastError().map(error -> ": " + error).orElse("")
                + next(message)
                + setup.commandsIn(hint(message));
    }

    private static String next(MessageView message) {
        return message.state() == MessageState.RETRYING
                ? message.nextAttemptAt()
                        .map(at -> "; next attempt at " + Output.time(at))
                        .orElse("")
                : "";
    }

    private void printOutcomes(MessageDetails details) {
        for (MessageDetails.Delivery delivery : details.deliveries()) {
            for (MessageDetails.Recipient each : delivery.recipients()) {
                if (setup.json()) {
                    Map<String, Object> map = new LinkedHashMap<>();
                    map.put("id", details.message().id());
                    map.put("recipient", each.address());
                    map.put("outcome", each.outcome());
                    map.put("reply", each.reply());
                    out.println(Json.write(map));
                } else {
                    err.println("  " + each.address() + "  " + Text.word(each.outcome()) + ": " + each.reply());
                }
            }
        }
    }

    /** Explains why the message is not sent yet, and what to do. */
    private String hint(MessageView message) {
        return switch (message.state()) {
            case WAITING, SENDING, RETRYING, SCHEDULED -> {
                PortView port = operations.ports().list(List.of(message.port())).get(0);
                yield port.waitsFor()
                        .map(need -> switch (need) {
                            case INSTANCE -> "; " + need.because(port, "its port") + ": start it with `sendport run`";
                            case START -> "; its port is not started: `sendport ports start " + message.port() + "`";
                            case CONFIGURATION, CREDENTIAL, RELAY, ORDER, WINDOW, RATE ->
                                "; " + need.because(port, "its port") + ", see `sendport ports show " + message.port()
                                        + "`";
                        })
                        .orElse("; see `sendport messages explain "
                                + message.id().brief() + "`");
            }
            case IN_DOUBT, SUSPENDED ->
                "; see `sendport messages explain " + message.id().brief() + "`";
            case DONE, CONSUMED, TERMINATED -> "";
        };
    }
}
