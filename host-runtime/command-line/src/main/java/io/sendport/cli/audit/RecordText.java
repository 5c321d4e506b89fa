package io.sendport.cli.audit;

import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.reconcile.Reconciliation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The parts of a record beyond its place, time and kind, as text for people. */
final class RecordText {

    private RecordText() {}

    /** Returns the recipients with their replies, the facts of the kind, the next step, the actor and the reason. */
    static String of(AuditRecord record) {
        List<String> parts = new ArrayList<>();
        if (record.secret().get("recipients") instanceof List<?> recipients) {
            for (Object each : recipients) {
                if (each instanceof Map<?, ?> facts) {
                    parts.add(facts.get("address") + (facts.get("reply") == null ? "" : ": " + facts.get("reply")));
                }
            }
        }
        parts.addAll(facts(record));
        Stream.of(
                        record.detail("detail"),
                        record.detail("next"),
                        record.detail("actor").isEmpty() ? "" : "by " + record.detail("actor"),
                        record.detail("reason"))
                .filter(each -> !each.isEmpty())
                .forEach(parts::add);
        return String.join("; ", parts).replaceAll("\\p{Cntrl}+", " ");
    }

    /** The facts of a record that are in its header, and say what it is about. */
    static List<String> facts(AuditRecord record) {
        List<String> facts = new ArrayList<>();
        if (record.header("kind").equals(Kind.PORT_STATE.name())) {
            facts.add(record.header("state"));
        }
        if (record.header("kind").equals(Kind.RECONCILED.name())) {
            facts.add(record.detail("archive"));
            Reconciliation.Summary.NONE.fields().keySet().stream()
                    .filter(name -> !record.header(name).isEmpty())
                    .map(name -> name + " " + record.header(name))
                    .forEach(facts::add);
        }
        return facts;
    }
}
