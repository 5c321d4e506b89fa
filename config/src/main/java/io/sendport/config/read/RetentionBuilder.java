package io.sendport.config.read;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.config.MessageBoxSettings;
import io.sendport.config.port.PortRetention;
import io.sendport.config.port.SendPort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads {@code <retention>} of ports. */
final class RetentionBuilder {

    private RetentionBuilder() {}

    /**
     * The retention of a port.
     *
     * @throws java.time.DateTimeException when a value is not a duration, which the schema reports
     */
    static PortRetention of(Settings port) {
        return port.child("retention")
                .map(given -> new PortRetention(
                        duration(given, "bodies"), duration(given, "messages"), duration(given, "dedupeFor")))
                .orElse(PortRetention.NONE);
    }

    private static Optional<Duration> duration(Settings retention, String name) {
        return retention.text(name).map(Durations::parse);
    }

    /** Checks that the ledger keeps its records for as long as the messages that they describe. */
    static void check(List<SendPort> ports, MessageBoxSettings box, List<Problem> problems) {
        for (SendPort port : ports) {
            port.retention()
                    .messages()
                    .filter(each -> each.compareTo(box.keepAudit()) > 0)
                    .flatMap(each -> port.written().element().child("retention"))
                    .ifPresent(given -> problems.add(given.problem(
                            "messages",
                            "messages would be kept for longer than the ledger records that describe them",
                            "expected at most the value of audit in <retention> of <messageBox>, which is "
                                    + box.keepAudit() + " (" + box.keepAudit().toDays() + " whole days)")));
        }
    }
}
