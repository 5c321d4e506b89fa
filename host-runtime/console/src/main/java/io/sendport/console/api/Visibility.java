package io.sendport.console.api;

import io.sendport.console.access.Caller;
import io.sendport.console.access.PortScope;
import io.sendport.console.access.Role;
import io.sendport.console.http.Call;
import io.sendport.host.box.control.Pause;
import io.sendport.host.condition.Severity;
import io.sendport.host.condition.Subject;
import io.sendport.host.operate.ConditionView;
import io.sendport.host.operate.ListedMessage;
import io.sendport.host.operate.Masking;
import io.sendport.host.operate.MessageDetails;
import io.sendport.host.operate.MessageHistory;
import io.sendport.host.operate.MessageView;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.PortView;
import io.sendport.host.operate.StatusView;
import io.sendport.support.text.Text;
import java.util.List;

/**
 * Decides how much a caller sees. Readers see personal data, and the ledger records the access first. All others see pseudonyms. For one
 * request.
 */
final class Visibility {

    private static final String MASKED = "masked";

    private final PortScope plain;
    private final Masking masking;

    private Visibility(PortScope plain, Masking masking) {
        this.plain = plain;
        this.masking = masking;
    }

    /**
     * The visibility of the caller on {@code what}. If the caller may see personal data, the ledger records the access first. A reader who sends
     * {@code masked=true} sees the same as a viewer, and nothing is recorded.
     */
    static Visibility of(Call call, Operations operations, String what) {
        Caller caller = call.caller();
        boolean isMasked = call.flag(MASKED);
        PortScope plain = isMasked ? PortScope.NOWHERE : caller.reach(Role.READER, operations.routing());
        if (!plain.isNowhere()) {
            operations.accessLog().reading(caller.actor(""), what);
        }
        return new Visibility(plain, operations.masking());
    }

    /** The visibility of viewers. Nothing is recorded. */
    static Visibility masked(Operations operations) {
        return new Visibility(PortScope.NOWHERE, operations.masking());
    }

    MessageView of(MessageView view) {
        return plain.covers(view.port()) ? view : masking.of(view);
    }

    ListedMessage of(ListedMessage listed) {
        return plain.covers(listed.message().port()) ? listed : masking.of(listed);
    }

    MessageDetails of(MessageDetails details) {
        return plain.covers(details.message().port()) ? details : masking.of(details);
    }

    MessageHistory of(MessageHistory story) {
        return plain.covers(story.message().message().port()) ? story : masking.of(story);
    }

    PortView of(PortView port) {
        return plain.covers(port.name())
                ? port
                : new PortView(
                        port.name(),
                        port.host(),
                        port.application(),
                        port.state(),
                        port.waiting(),
                        port.sending(),
                        port.retrying(),
                        port.scheduled(),
                        port.inDoubt(),
                        port.suspended(),
                        port.oldestSeconds(),
                        port.waitsFor(),
                        port.pause().map(pause -> new Pause(pause.kind(), pause.until(), masking.text(pause.text()))),
                        port.lastError().map(masking::text));
    }

    /** The status, limited to ports that {@code visible} covers. */
    StatusView of(StatusView status, PortScope visible) {
        List<ConditionView> conditions = status.conditions().stream()
                .filter(each -> each.messages().isEmpty()
                        || each.messages().get().ports().stream().anyMatch(visible::covers))
                .map(each -> within(each, visible))
                .map(this::of)
                .toList();
        return new StatusView(
                status.verdict(),
                conditions,
                conditions.stream()
                        .filter(each -> each.severity() != Severity.INFO)
                        .map(ConditionView::sentence)
                        .toList(),
                status.instances(),
                status.lastMinute(),
                status.waiting(),
                status.secondsToDrain(),
                status.oldestSeconds(),
                status.freeBytes(),
                status.lastCheckpoint(),
                status.suspended().stream()
                        .filter(each -> visible.covers(each.port()))
                        .map(each -> new StatusView.Suspended(each.count(), each.port(), masking.text(each.error())))
                        .toList());
    }

    /** If a condition also concerns hidden ports, replaces its text with a sentence that names only the visible ports. */
    private static ConditionView within(ConditionView condition, PortScope visible) {
        List<String> ports =
                condition.messages().map(ConditionView.Messages::ports).orElse(List.of());
        List<String> seen = ports.stream().filter(visible::covers).toList();
        if (seen.size() == ports.size()) {
            return condition;
        }
        return new ConditionView(
                condition.kind(),
                new Subject(condition.subject().type(), String.join(", ", seen)),
                condition.severity(),
                condition.since(),
                0,
                condition.until(),
                "There is a problem (" + Text.word(condition.kind()) + ") at " + String.join(", ", seen)
                        + ", and at other ports that you may not see",
                "Ask a user who can see all ports",
                condition.instances(),
                condition.messages().map(each -> new ConditionView.Messages(seen, each.states())));
    }

    private ConditionView of(ConditionView condition) {
        return new ConditionView(
                condition.kind(),
                condition.subject(),
                condition.severity(),
                condition.since(),
                condition.count(),
                condition.until(),
                masking.text(condition.sentence()),
                condition.nextStep(),
                condition.instances(),
                condition.messages());
    }

    /** A text that may contain addresses, masked if necessary. */
    String text(String port, String text) {
        return plain.covers(port) ? text : masking.text(text);
    }
}
