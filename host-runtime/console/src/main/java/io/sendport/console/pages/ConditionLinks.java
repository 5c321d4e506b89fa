package io.sendport.console.pages;

import io.sendport.host.condition.ConditionKind;
import io.sendport.host.operate.ConditionView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The pages on which a user can take the next step of a condition, beside the commands that its text names. */
public final class ConditionLinks {

    private static final Set<ConditionKind> FOR_DOCTOR = Set.of(
            ConditionKind.RELAY_UNREACHABLE,
            ConditionKind.RELAY_SILENT,
            ConditionKind.RELAY_REFUSES,
            ConditionKind.RELAY_CERTIFICATE_REFUSED,
            ConditionKind.RELAY_CERTIFICATE_DATES,
            ConditionKind.RELAY_TLS_MISSING,
            ConditionKind.TOKEN_UNAVAILABLE,
            ConditionKind.CREDENTIAL_REFUSED);
    private static final Set<ConditionKind> FOR_CONFIGURATION =
            Set.of(ConditionKind.CONFIGURATION_REJECTED, ConditionKind.PORT_MISCONFIGURED);
    private static final Set<ConditionKind> FOR_RECORDS =
            Set.of(ConditionKind.PORT_STOPPED, ConditionKind.SUBMISSIONS_REFUSED);

    private ConditionLinks() {}

    /** A link with its text, which is unique on a page. */
    public record Link(String address, String text) {}

    /** The links that the user of {@code page} can open. */
    public static List<Link> of(ConditionView condition, Page page) {
        List<Link> links = new ArrayList<>();
        List<String> ports =
                condition.messages().map(ConditionView.Messages::ports).orElse(List.of());
        ConditionKind kind = condition.kind();
        if (ports.size() == 1 && kind != ConditionKind.PORT_REMOVED) {
            boolean starts = kind == ConditionKind.PORT_STOPPED && page.isOperator();
            links.add(new Link(Links.toPort(ports.get(0)), (starts ? "Start port " : "Port ") + ports.get(0)));
        }
        condition.messages().ifPresent(messages -> links.add(new Link(Links.to(messages), messages(condition, page))));
        if (FOR_DOCTOR.contains(kind) && page.isOperator() && !ports.isEmpty()) {
            links.add(new Link(
                    "/doctor?port=" + Links.encoded(ports.get(0)), "Check the server of port " + ports.get(0)));
        }
        if (FOR_CONFIGURATION.contains(kind) && page.isAdmin()) {
            links.add(new Link(Section.CONFIGURATION.address(), "Configuration"));
        }
        if (FOR_RECORDS.contains(kind) && page.isAuditor()) {
            links.add(
                    kind == ConditionKind.PORT_STOPPED
                            ? new Link(
                                    "/audit?kind=PORT_STATE&port="
                                            + Links.encoded(condition.subject().name()),
                                    "Who stopped it, and why")
                            : new Link("/audit?kind=NOT_TAKEN", "Why they were refused"));
        }
        return links;
    }

    private static String messages(ConditionView condition, Page page) {
        return switch (condition.kind()) {
            case MESSAGES_SUSPENDED -> page.isOperator() ? "Show and resume these messages" : "Show these messages";
            case MESSAGES_IN_DOUBT -> page.isOperator() ? "Show and resolve these messages" : "Show these messages";
            default -> "Show these messages";
        };
    }
}
