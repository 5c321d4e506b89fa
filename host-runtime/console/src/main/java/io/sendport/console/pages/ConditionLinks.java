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

    private ConditionLinks() {}

    /** A link with its text, which is unique on a page. */
    public record Link(String address, String text) {}

    /** The links that the user of {@code page} can open. */
    public static List<Link> of(ConditionView condition, Page page) {
        List<Link> links = new ArrayList<>();
        List<String> ports =
                condition.messages().map(ConditionView.Messages::ports).orElse(List.of());
        ConditionKind kind = condition.kind();
        if (ports.size() == 1 && page.hasPort(ports.get(0))) {
            boolean starts = kind == ConditionKind.PORT_STOPPED && page.operates(ports.get(0));
            links.add(new Link(Links.toPort(ports.get(0)), (starts ? "Start port " : "Port ") + ports.get(0)));
        }
        condition.messages().ifPresent(messages -> links.add(new Link(Links.to(messages), "Show these messages")));
        if (FOR_DOCTOR.contains(kind)) {
            ports.stream()
                    .filter(page::hasPort)
                    .filter(page::operates)
                    .findFirst()
                    .ifPresent(port -> links.add(
                            new Link("/doctor?port=" + Links.encoded(port), "Check the server of port " + port)));
        }
        if (FOR_CONFIGURATION.contains(kind) && page.isAdmin()) {
            links.add(new Link(Section.CONFIGURATION.address(), "Configuration"));
        }
        if (kind == ConditionKind.PORT_STOPPED && page.isAuditor()) {
            String port = Links.encoded(condition.subject().name());
            links.add(new Link("/audit?kind=PORT_STATE&port=" + port, "Who stopped it, and why"));
        }
        if (kind == ConditionKind.SUBMISSIONS_REFUSED && page.isAuditor()) {
            links.add(new Link("/audit?kind=NOT_TAKEN", "Why they were refused"));
        }
        return links;
    }
}
