package io.sendport.migration.biztalk;

import io.sendport.migration.report.Rule;
import io.sendport.migration.source.Node;
import io.sendport.migration.source.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reports each named item of a binding that does not send mail. */
final class NonMailItems {

    private static final Set<String> SECTIONS = Set.of(
            "modulerefcollection",
            "sendportcollection",
            "receiveportcollection",
            "distributionlistcollection",
            "partycollection",
            "timestamp");

    private NonMailItems() {}

    static void report(ImportContext context, SourceFile file) {
        for (Node port : file.root().children("ReceivePortCollection", "ReceivePort")) {
            List<String> types = new ArrayList<>();
            for (Node location : port.children("ReceiveLocations", "ReceiveLocation")) {
                location.child("ReceiveLocationTransportType")
                        .flatMap(each -> each.attribute("Name"))
                        .ifPresent(types::add);
            }
            context.report.add(
                    Rule.BT_NOT_MAIL,
                    file.name(),
                    port,
                    "receive port " + port.attribute("Name").orElse(""),
                    "",
                    "",
                    "receive locations: " + (types.isEmpty() ? "none" : String.join(", ", types)),
                    "",
                    "");
        }
        for (Node service : PortSenders.services(file)) {
            List<String> to = new ArrayList<>();
            for (Node port : service.children("Ports", "Port")) {
                port.child("SendPortRef")
                        .flatMap(each -> each.attribute("Name"))
                        .filter(context.written::containsKey)
                        .ifPresent(target -> to.add("sends to mail port " + target + " through its port "
                                + port.attribute("Name").orElse("")));
            }
            context.report.add(
                    Rule.BT_NOT_MAIL,
                    file.name(),
                    service,
                    "orchestration " + service.attribute("Name").orElse(""),
                    "",
                    "",
                    String.join("; ", to),
                    "",
                    "");
        }
        for (Node party : file.root().children("PartyCollection", "Party")) {
            context.report.add(
                    Rule.BT_NOT_MAIL,
                    file.name(),
                    party,
                    "party " + party.attribute("Name").orElse(""),
                    "",
                    "",
                    "",
                    "",
                    "");
        }
        for (Node each : file.root().children()) {
            if (!SECTIONS.contains(each.name().toLowerCase(Locale.ROOT)) && !each.isNil()) {
                context.report.add(
                        Rule.BT_UNKNOWN,
                        file.name(),
                        each,
                        each.name(),
                        "",
                        "",
                        "is not a known part of a binding",
                        "",
                        "");
            }
        }
    }
}
