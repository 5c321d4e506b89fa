package io.sendport.test;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Changes a configuration for tests. Pipelines and retries stay. The message box moves to a folder of the test, and the test's relay
 * replaces every server. Listeners and feeds are removed.
 */
final class TestSettings {

    private static final Set<String> LEFT_OUT = Set.of(
            "messageBox",
            "auditLedger",
            "alerts",
            "observe",
            "console",
            "include",
            "properties",
            "routes",
            "submission",
            "oauth2");
    /** The attributes that belong to the real server. */
    private static final Set<String> OF_SERVER = Set.of(
            "connectionString",
            "user",
            "password",
            "domain",
            "ticketCache",
            "trustStore",
            "trustStorePassword",
            "clientKey",
            "clientKeyPassword",
            "pinnedKey",
            "allowClearText",
            "allowBareNtlm");

    private final int relay;

    private TestSettings(int relay) {
        this.relay = relay;
    }

    /**
     * @param root the position of the root element; relative paths start in the folder of its file
     * @param elements the elements under {@code <sendport>}
     * @param properties values for Camel
     * @param box the SQLite file
     * @param relay the TCP port of the relay
     */
    static Settings of(Origin root, List<Settings> elements, Map<String, String> properties, Path box, int relay) {
        TestSettings made = new TestSettings(relay);
        List<Settings> all = new ArrayList<>();
        all.add(element(
                "messageBox",
                root,
                Map.of("url", "jdbc:sqlite:" + box),
                List.of(
                        element("retention", root, Map.of("bodies", "P1D"), List.of()),
                        element("limits", root, Map.of("minFree", "0B"), List.of()))));
        all.add(element(
                "properties",
                root,
                Map.of(),
                properties.entrySet().stream()
                        .map(each -> element(
                                "property", root, Map.of("name", each.getKey(), "value", each.getValue()), List.of()))
                        .toList()));
        all.addAll(made.children(elements));
        return new Settings("sendport", root, Map.of(), all, "");
    }

    private List<Settings> children(List<Settings> elements) {
        return elements.stream()
                .filter(each -> !LEFT_OUT.contains(each.element()))
                .map(this::forTest)
                .toList();
    }

    private Settings forTest(Settings element) {
        return switch (element.element()) {
            case "auditRelay" -> new Settings("smtp", element.origin(), server(element, true), List.of(), "");
            case "smtp", "smtpConnection" ->
                new Settings(
                        element.element(),
                        element.origin(),
                        server(element.without(OF_SERVER), element.has("host") || element.has("connectionString")),
                        children(element.children()),
                        "");
            case "host" -> withoutRelays(element);
            default ->
                new Settings(
                        element.element(),
                        element.origin(),
                        element.attributes(),
                        children(element.children()),
                        element.content());
        };
    }

    /** Removes the audit relays: a host in a test has one server. */
    private Settings withoutRelays(Settings host) {
        List<Settings> children = new ArrayList<>();
        boolean relayed = false;
        for (Settings each : children(host.children())) {
            boolean server = each.element().equals("smtp");
            if (!server || !relayed) {
                children.add(each);
            }
            relayed |= server;
        }
        return new Settings(host.element(), host.origin(), host.attributes(), children, host.content());
    }

    private Map<String, Setting> server(Settings given, boolean isNamed) {
        Map<String, Setting> attributes =
                new LinkedHashMap<>(given.element().equals("auditRelay") ? Map.of() : given.attributes());
        Map<String, String> own = new LinkedHashMap<>(Map.of("tls", "none", "auth", "none"));
        if (isNamed) {
            own.put("host", "127.0.0.1");
            own.put("port", Integer.toString(relay));
        }
        own.forEach((name, value) -> attributes.put(name, Setting.plain(value, given.origin())));
        return attributes;
    }

    private static Settings element(
            String name, Origin origin, Map<String, String> attributes, List<Settings> children) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        attributes.forEach((key, value) -> settings.put(key, Setting.plain(value, origin)));
        return new Settings(name, origin, settings, children, "");
    }
}
