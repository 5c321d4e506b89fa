package io.sendport.host.operate.check;

import io.sendport.api.mail.Mailbox;
import io.sendport.api.settings.Settings;
import io.sendport.config.AlertSettings;
import io.sendport.config.port.SendPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Lists all effective settings of a port or of alerts, with their origins. Masks secrets. */
public final class EffectiveSettings {

    /** The elements that are shown with effective values, which may come from the host, the connection or the pipeline. */
    private static final Set<String> SHOWN_EFFECTIVE =
            Set.of("mail", "dkim", "smtp", "camel", "adapter", "pipelineSettings", "backupTransport");

    private final List<String> lines = new ArrayList<>();

    private EffectiveSettings() {}

    /** Returns the settings of {@code port}, one per line, indented by nesting. */
    public static List<String> of(SendPort port) {
        EffectiveSettings effective = new EffectiveSettings();
        effective.add(port);
        return List.copyOf(effective.lines);
    }

    /** Returns the settings of {@code alerts} with their defaults. Shows only the server of the address of a webhook or heartbeat. */
    public static List<String> of(AlertSettings alerts) {
        EffectiveSettings effective = new EffectiveSettings();
        effective.lines.add("alerts (" + alerts.origin() + ")");
        effective.lines.add("  pending=\"" + alerts.pending() + "\" calm=\"" + alerts.calm() + "\" reminder=\""
                + alerts.reminder() + "\"");
        alerts.mails().forEach(each -> {
            effective.lines.add("  mail " + each.name() + " from=\"" + each.from() + "\" to=\""
                    + Mailbox.writeList(each.to()) + "\"");
            effective.add(each.smtp(), "    ");
        });
        alerts.webhooks()
                .forEach(each -> effective.lines.add(
                        "  webhook " + each.name() + " at " + each.url().getHost() + " secret=\"***\""));
        alerts.heartbeat()
                .ifPresent(each -> effective.lines.add(
                        "  heartbeat at " + each.url().getHost() + " every=\"" + each.every() + "\""));
        return List.copyOf(effective.lines);
    }

    private void add(SendPort port) {
        lines.add("sendPort " + port.name() + " on host " + port.host() + " (" + port.origin() + ")");
        Settings written = port.written().element();
        addAttributes(written, "  ");
        addDefaults(
                written,
                Map.of(
                        "initialState", port.initialState().word(),
                        "pipeline", port.pipeline().name(),
                        "priority", port.schedule().priority(),
                        "ordered", port.schedule().ordered()),
                "    ");
        written.children().stream()
                .filter(child -> !SHOWN_EFFECTIVE.contains(child.element()))
                .forEach(child -> add(child, "  "));
        written.child("retry").ifPresent(retry -> addDefaults(retry, defaults(port), "    "));
        add(port.transport(), "  ");
        port.standbys().forEach(standby -> add(standby, "  standby "));
        add(port.mail(), "  ");
        port.dkim().or(() -> written.child("dkim")).ifPresent(dkim -> add(dkim, "  "));
        port.pipeline().preAssemble().forEach(component -> add(component, "  preAssemble "));
        port.pipeline().assemble().ifPresent(component -> add(component, "  assemble "));
        port.pipeline().encode().forEach(component -> add(component, "  encode "));
        port.backup().ifPresent(backup -> {
            add(backup.transport(), "  backup ");
            written.child("backupTransport")
                    .flatMap(given -> given.child("retry"))
                    .ifPresent(retry -> add(retry, "  backup "));
        });
    }

    private static Map<String, Object> defaults(SendPort port) {
        return Map.of(
                "count", port.retry().count(),
                "interval", port.retry().interval(),
                "backoff", port.retry().backoff(),
                "inDoubt", port.retry().hold() ? "hold" : "resend");
    }

    /** Adds a line for each of the defaults {@code values} that {@code settings} does not set. */
    private void addDefaults(Settings settings, Map<String, Object> values, String indent) {
        new TreeMap<>(values).forEach((name, value) -> {
            if (!settings.has(name)) {
                lines.add(indent + name + "=\"" + value + "\" (default)");
            }
        });
    }

    private void add(Settings settings, String indent) {
        lines.add(indent + settings.element() + " (" + settings.origin() + ")");
        addAttributes(settings, indent);
        settings.children().forEach(child -> add(child, indent + "  "));
    }

    private void addAttributes(Settings settings, String indent) {
        settings.attributes()
                .forEach((name, setting) ->
                        lines.add(indent + "  " + name + "=\"" + setting.shown() + "\" (" + setting.origin() + ")"));
    }
}
