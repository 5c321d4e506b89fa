package io.sendport.host.cli;

import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Pseudonyms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which records: FILTER, and what only records can be searched for. */
final class AuditOptions {

    @Mixin
    private FilterOptions filter = new FilterOptions();

    @Option(names = "--sender", paramLabel = "A", description = "Return path.")
    private @Nullable String sender;

    @Option(names = "--subject", paramLabel = "TEXT", description = "Text in the subject.")
    private @Nullable String subject;

    @Option(names = "--kind", paramLabel = "K", description = "Kind of record: ${COMPLETION-CANDIDATES}.")
    private @Nullable Kind kind;

    @Option(names = "--actor", paramLabel = "A", description = "Who acted.")
    private @Nullable String actor;

    @Option(names = "--message", paramLabel = "ID", description = "Message id; may be shortened.")
    private @Nullable String message;

    @Option(names = "--message-id", paramLabel = "M", description = "Message-ID header field.")
    private @Nullable String mimeMessageId;

    @Option(names = "--queue-id", paramLabel = "Q", description = "What the relay called it.")
    private @Nullable String queueId;

    AuditFilter filter(MessageBox box, Routing routing) {
        if (filter.ports().size() > 1 || !filter.states().isEmpty()) {
            throw new UsageException("records are searched by one --port, and have no --state; try --kind");
        }
        Map<String, String> equal = new HashMap<>();
        filter.ports().forEach(port -> equal.put("port", port));
        put(
                equal,
                "message",
                message == null ? null : MessageIds.one(box, message).id().value());
        put(equal, "mime_message_id", mimeMessageId);
        put(equal, "queue_id", queueId);
        Map<String, String> containing = new HashMap<>();
        put(containing, "sender", sender);
        put(containing, "subject", subject);
        put(containing, "actor", actor);
        put(containing, "relay", filter.relay().orElse(null));
        put(containing, "*", filter.error().orElse(null));
        return new AuditFilter(
                equal,
                kinds(),
                filter.recipient().map(address -> names(address, routing)).orElse(List.of()),
                filter.properties(),
                filter.application(),
                filter.since(),
                filter.until(),
                containing);
    }

    private List<Kind> kinds() {
        Kind wanted = kind;
        return wanted == null ? List.of() : List.of(wanted);
    }

    /** What the ledger may call a recipient. */
    static List<String> names(String address, Routing routing) {
        List<String> names = new ArrayList<>(List.of(address));
        Pseudonyms.of(routing.messageBox().place(), routing.auditLedger())
                .ofAddress(address)
                .ifPresent(names::add);
        return names;
    }

    private static void put(Map<String, String> map, String name, @Nullable String value) {
        if (value != null) {
            map.put(name, value);
        }
    }
}
