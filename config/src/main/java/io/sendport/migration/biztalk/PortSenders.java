package io.sendport.migration.biztalk;

import io.sendport.migration.source.Node;
import io.sendport.migration.source.SourceFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the senders of ports: orchestrations, groups and parties. */
final class PortSenders {

    private PortSenders() {}

    /** The orchestrations of a binding. */
    static List<Node> services(SourceFile file) {
        List<Node> all = new ArrayList<>();
        for (Node module : file.root().children("ModuleRefCollection", "ModuleRef")) {
            all.addAll(module.children("Services", "Service"));
        }
        return all;
    }

    /** The members of a group. */
    static List<Node> members(Node group) {
        return group.children("SendPorts", "SendPortRef");
    }

    /** One text for each sender, by the name of the port. */
    static Map<String, List<String>> of(List<SourceFile> bindings) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (SourceFile file : bindings) {
            for (Node service : services(file)) {
                String name = service.attribute("Name").orElse("unnamed");
                for (Node port : service.children("Ports", "Port")) {
                    String text = "orchestration " + name + ", port "
                            + port.attribute("Name").orElse("") + ": submit with --port";
                    for (String ref : List.of("SendPortRef", "DistributionListRef")) {
                        port.child(ref)
                                .flatMap(each -> each.attribute("Name"))
                                .ifPresent(target -> feed(all, target, text));
                    }
                }
            }
            for (Node group : file.root().children("DistributionListCollection", "DistributionList")) {
                for (Node member : members(group)) {
                    feed(
                            all,
                            member.attribute("Name").orElse(""),
                            "group " + group.attribute("Name").orElse(""));
                }
            }
            for (Node party : file.root().children("PartyCollection", "Party")) {
                for (Node ref : party.children("SendPorts", "SendPortRef")) {
                    feed(
                            all,
                            ref.attribute("Name").orElse(""),
                            "party " + party.attribute("Name").orElse(""));
                }
            }
        }
        return all;
    }

    private static void feed(Map<String, List<String>> all, String port, String text) {
        all.computeIfAbsent(port, key -> new ArrayList<>()).add(text);
    }
}
