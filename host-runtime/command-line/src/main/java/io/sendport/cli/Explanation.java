package io.sendport.cli;

import io.sendport.api.settings.ByteSize;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.output.Output;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Kind;
import io.sendport.host.operate.MessageDetails;
import io.sendport.host.operate.MessageHistory;
import io.sendport.host.operate.MessageView;
import io.sendport.support.text.Text;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Prints a message and its history for people. */
final class Explanation {

    /** The details that are printed first, in this order. All other details of a record follow. */
    private static final List<String> FIRST = List.of("reason", "detail", "transport", "subject");

    /** The details that are printed elsewhere, or that are of no use to people. */
    private static final Set<String> ELSEWHERE = Set.of("actor", "recipients", "stack");

    private final PrintWriter out;
    private final CommonOptions setup;

    /** @param setup completes the commands that it prints */
    Explanation(PrintWriter out, CommonOptions setup) {
        this.out = out;
        this.setup = setup;
    }

    /** Prints state, properties and recipients. */
    void show(MessageDetails details) {
        MessageView message = details.message();
        out.println("message      " + message.id());
        out.println("port         " + message.port() + " on host " + message.host());
        out.println("state        " + message.state().word() + setup.commandsIn(next(details)));
        out.println("submitted    " + Output.time(message.submittedAt()) + ", " + ByteSize.format(message.size()));
        message.mimeMessageId().ifPresent(id -> out.println("Message-ID   " + id));
        message.lastError().ifPresent(error -> out.println("last error   " + error));
        message.hold()
                .ifPresent(hold -> out.println("on hold      since " + Output.time(hold.since()) + " by " + hold.actor()
                        + (hold.reason().isEmpty() ? "" : ": " + hold.reason())));
        details.properties().forEach((name, value) -> out.println("property     " + name + " = " + value));
        for (MessageDetails.Delivery delivery : details.deliveries()) {
            out.println("delivery " + delivery.number() + "   " + ByteSize.format(delivery.size()) + ", SHA-256 "
                    + delivery.sha256());
            delivery.recipients()
                    .forEach(each -> out.println(
                            "  " + each.address() + "  " + Text.word(each.outcome()) + ": " + each.reply()));
        }
    }

    private static String next(MessageDetails details) {
        MessageView message = details.message();
        return switch (message.state()) {
            case SCHEDULED -> "";
            case WAITING, SENDING ->
                details.step()
                        .map(step -> ", " + step.what() + " since " + Output.time(step.since()))
                        .orElse("");
            case RETRYING ->
                message.nextAttemptAt()
                        .map(at -> ", next attempt at " + Output.time(at))
                        .orElse("");
            case SUSPENDED ->
                (details.isDoubtful()
                                ? "; the relay may have it: check whether it arrived. If it did: `sendport messages resolve --delivered "
                                        + message.id().brief() + "`; if not:"
                                : "; to retry it:")
                        + " `sendport messages resume " + message.id().brief() + "`";
            case IN_DOUBT ->
                "; check whether it arrived. If it did: `sendport messages resolve --delivered "
                        + message.id().brief() + "`; if not: `sendport messages resume "
                        + message.id().brief() + "`";
            case DONE, CONSUMED, TERMINATED ->
                details.endedAt().map(at -> " at " + Output.time(at)).orElse("");
        };
    }

    /** Prints the whole history in order. {@code verbose} adds the stack trace when a user's component failed. */
    void explain(MessageHistory story, boolean verbose) {
        show(story.message());
        out.println();
        for (MessageHistory.Event event : story.events()) {
            print(event);
            if (verbose) {
                event.record().detail("stack").lines().forEach(line -> out.println("      " + line));
            }
        }
    }

    private void print(MessageHistory.Event event) {
        AuditRecord record = event.record();
        out.println(Output.time(record.at()) + "  " + record.header("kind") + " "
                + record.header("lane") + ":" + record.header("seq") + by(record.header("instance"))
                + by(record.detail("actor")));
        facts(record);
        event.steps()
                .forEach(each -> out.println("    " + each.stage() + " > " + each.component() + ": "
                        + each.took().toNanos() / 1_000_000.0 + " ms"));
        event.took().ifPresent(took -> out.println("    took " + took.toMillis() + " ms"));
        event.dialogue().forEach(line -> out.println("      " + line));
    }

    private static String by(String who) {
        return who.isEmpty() ? "" : " by " + who;
    }

    private void facts(AuditRecord record) {
        Set<String> names = new LinkedHashSet<>(FIRST);
        names.addAll(record.secret().keySet());
        names.removeAll(ELSEWHERE);
        for (String name : names) {
            if (!record.detail(name).isEmpty()) {
                out.println("    " + name + ": " + record.detail(name));
            }
        }
        if (record.is(Kind.ATTEMPT_STARTED) && !record.header("sha256").isEmpty()) {
            out.println("    sealed: " + ByteSize.format(Long.parseLong(record.header("size"))) + ", SHA-256 "
                    + record.header("sha256"));
        }
        if (record.secret().get("recipients") instanceof List<?> recipients) {
            recipients.forEach(this::recipient);
        }
    }

    /** The phase of the dialogue; empty for transports other than SMTP. */
    private static String at(@Nullable Object phase) {
        return phase == null ? "" : " at " + phase;
    }

    private void recipient(Object recipient) {
        if (recipient instanceof Map<?, ?> facts) {
            Object outcome = facts.get("outcome");
            out.println("    to " + facts.get("address")
                    + (outcome == null ? "" : ": " + outcome + at(facts.get("phase")) + ", " + facts.get("reply")));
        }
    }
}
