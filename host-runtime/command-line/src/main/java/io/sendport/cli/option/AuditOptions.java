package io.sendport.cli.option;

import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.Kind;
import io.sendport.host.operate.Operations;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that select records. A record must match all of them. */
public final class AuditOptions {

    @Option(names = "--port", paramLabel = "NAME", description = "The name of the port.")
    private @Nullable String port;

    @Mixin
    private SearchOptions search = new SearchOptions();

    @Option(names = "--sender", paramLabel = "A", description = "Text in the return path.")
    private @Nullable String sender;

    @Option(names = "--subject", paramLabel = "TEXT", description = "Text in the subject.")
    private @Nullable String subject;

    @Option(names = "--kind", paramLabel = "K", description = "The kind of record: ${COMPLETION-CANDIDATES}.")
    private @Nullable Kind kind;

    @Option(names = "--actor", paramLabel = "A", description = "Text in the name of the person or program that acted.")
    private @Nullable String actor;

    @Option(names = "--message", paramLabel = "ID", description = "The message id; a unique prefix is enough.")
    private @Nullable String message;

    @Option(names = "--message-id", paramLabel = "M", description = "The Message-ID header field.")
    private @Nullable String mimeMessageId;

    @Option(names = "--queue-id", paramLabel = "Q", description = "The queue id that the relay gave the mail.")
    private @Nullable String queueId;

    public AuditFilter filter(Operations operations) {
        Map<String, String> equal = new HashMap<>();
        put(equal, "port", port);
        put(equal, "message", message == null ? null : operations.audit().message(message));
        put(equal, "mime_message_id", mimeMessageId);
        put(equal, "queue_id", queueId);
        Map<String, String> containing = new HashMap<>();
        put(containing, "sender", sender);
        put(containing, "subject", subject);
        put(containing, "actor", actor);
        put(containing, "relay", search.relay().orElse(null));
        put(containing, "*", search.error().orElse(null));
        return new AuditFilter(
                equal,
                kinds(),
                search.recipient().map(operations.audit()::names).orElse(List.of()),
                search.properties(),
                search.application(),
                search.since(),
                search.until(),
                containing);
    }

    private List<Kind> kinds() {
        Kind wanted = kind;
        return wanted == null ? List.of() : List.of(wanted);
    }

    private static void put(Map<String, String> map, String name, @Nullable String value) {
        if (value != null) {
            map.put(name, value);
        }
    }
}
