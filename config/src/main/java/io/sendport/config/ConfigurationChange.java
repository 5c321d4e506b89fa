package io.sendport.config;

import io.sendport.config.port.SendPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The changes from one configuration to another, by meaning and not by spelling.
 *
 * @param ports the ports that are added, removed or changed, with the reason
 * @param hostsAdded added hosts
 * @param hostsRemoved removed hosts
 * @param feeds hosts whose feed routes must be reloaded
 * @param routing whether groups, promotions, or settings that affect submissions changed
 * @param alerts whether {@code <alerts>} changed
 * @param storeLogin whether user or password of the message box changed
 * @param atRestart elements that changed and take effect only when the process is restarted
 */
public record ConfigurationChange(
        Map<String, String> ports,
        Set<String> hostsAdded,
        Set<String> hostsRemoved,
        Set<String> feeds,
        boolean routing,
        boolean alerts,
        boolean storeLogin,
        List<String> atRestart) {

    /** The changes from {@code before} to {@code after}. */
    public static ConfigurationChange between(Configuration before, Configuration after) {
        Map<String, String> ports = new TreeMap<>();
        Map<String, HostSettings> hostsBefore = byName(before.hosts());
        Map<String, HostSettings> hostsAfter = byName(after.hosts());
        for (SendPort port : before.ports()) {
            if (after.port(port.name()).isEmpty()) {
                ports.put(port.name(), "it has been removed");
            }
        }
        for (SendPort port : after.ports()) {
            before.port(port.name())
                    .ifPresentOrElse(
                            old -> {
                                String why = why(old, port, hostsBefore, hostsAfter);
                                if (!why.isEmpty()) {
                                    ports.put(port.name(), why);
                                }
                            },
                            () -> ports.put(port.name(), "it is new"));
        }
        Set<String> feeds = new LinkedHashSet<>();
        for (HostSettings host : after.hosts()) {
            HostSettings old = hostsBefore.get(host.name());
            boolean has = hasFeeds(host) || (old != null && hasFeeds(old));
            boolean changed = old == null
                    || !old.routes().equals(host.routes())
                    || !old.routesSha256().equals(host.routesSha256())
                    || !Equivalence.isEquivalent(old.submission(), host.submission())
                    || !before.properties().equals(after.properties())
                    || !before.destinations().equals(after.destinations());
            if (has && changed) {
                feeds.add(host.name());
            }
        }
        return new ConfigurationChange(
                ports,
                without(hostsAfter.keySet(), hostsBefore.keySet()),
                without(hostsBefore.keySet(), hostsAfter.keySet()),
                feeds,
                !Equivalence.isEquivalent(before.groups(), after.groups())
                        || !Equivalence.isEquivalent(before.promotions(), after.promotions()),
                !Equivalence.isEquivalent(before.alerts(), after.alerts()),
                !before.messageBox().user().equals(after.messageBox().user())
                        || !before.messageBox()
                                .password()
                                .equals(after.messageBox().password()),
                atRestart(before, after));
    }

    private static boolean hasFeeds(HostSettings host) {
        return !host.routes().isEmpty() || host.submission().isPresent();
    }

    /** Whether two ports mean the same. */
    public static boolean isLike(SendPort one, SendPort other) {
        return Equivalence.isEquivalent(one, other);
    }

    private static String why(
            SendPort before,
            SendPort after,
            Map<String, HostSettings> hostsBefore,
            Map<String, HostSettings> hostsAfter) {
        List<String> differences = new ArrayList<>(Equivalence.differences(before, after));
        HostSettings was = hostsBefore.get(before.host());
        HostSettings is = hostsAfter.get(after.host());
        if (was != null && is != null) {
            if (!was.identity().equals(is.identity())) {
                differences.add("identity of the host");
            }
            if (!was.audit().equals(is.audit()) || !was.auditorCertificate().equals(is.auditorCertificate())) {
                differences.add("audit of the host");
            }
            if (!was.redirectTo().equals(is.redirectTo())) {
                differences.add("redirectTo of the host");
            }
        }
        return differences.isEmpty() ? "" : "changed: " + String.join(", ", differences);
    }

    private static List<String> atRestart(Configuration before, Configuration after) {
        List<String> names = new ArrayList<>();
        MessageBoxSettings box = before.messageBox();
        if (!Equivalence.isEquivalent(
                box.as(after.messageBox().user(), after.messageBox().password()), after.messageBox())) {
            names.add("<messageBox>");
        }
        if (!Equivalence.isEquivalent(before.auditLedger(), after.auditLedger())) {
            names.add("<auditLedger>");
        }
        if (!Equivalence.isEquivalent(before.observe(), after.observe())) {
            names.add("<observe>");
        }
        if (!Equivalence.isEquivalent(before.console(), after.console())) {
            names.add("<console>");
        }
        return names;
    }

    private static Map<String, HostSettings> byName(List<HostSettings> hosts) {
        Map<String, HostSettings> all = new LinkedHashMap<>();
        hosts.forEach(host -> all.put(host.name(), host));
        return all;
    }

    private static Set<String> without(Set<String> all, Set<String> others) {
        Set<String> rest = new LinkedHashSet<>(all);
        rest.removeAll(others);
        return rest;
    }

    /** This change, plus the ports that had errors before or have errors now. */
    public ConfigurationChange and(Set<String> wrongBefore, Set<String> wrongAfter) {
        Map<String, String> more = new TreeMap<>(ports);
        wrongBefore.stream()
                .filter(port -> !wrongAfter.contains(port))
                .forEach(port -> more.putIfAbsent(port, "its errors have been fixed"));
        wrongAfter.stream()
                .filter(port -> !wrongBefore.contains(port))
                .forEach(port -> more.put(port, "it has errors now and stays stopped"));
        return new ConfigurationChange(more, hostsAdded, hostsRemoved, feeds, routing, alerts, storeLogin, atRestart);
    }

    /** Whether the meaning did not change. */
    public boolean isEmpty() {
        return ports.isEmpty()
                && hostsAdded.isEmpty()
                && hostsRemoved.isEmpty()
                && feeds.isEmpty()
                && !routing
                && !alerts
                && !storeLogin
                && atRestart.isEmpty();
    }

    /** One sentence for each change. */
    public List<String> told() {
        List<String> sentences = new ArrayList<>();
        ports.forEach((port, why) -> sentences.add("port " + port + ": " + why));
        hostsAdded.forEach(host -> sentences.add("host " + host + ": it is new"));
        hostsRemoved.forEach(host -> sentences.add("host " + host + ": it has been removed"));
        feeds.forEach(host -> sentences.add("host " + host + ": its feeds are reloaded"));
        if (routing) {
            sentences.add("groups, subscriptions or promotions changed");
        }
        if (alerts) {
            sentences.add("<alerts> changed");
        }
        if (storeLogin) {
            sentences.add("user or password of <messageBox> changed; new connections use it");
        }
        atRestart.forEach(element -> sentences.add(element + " changed; restart `run` to apply it"));
        return sentences;
    }
}
