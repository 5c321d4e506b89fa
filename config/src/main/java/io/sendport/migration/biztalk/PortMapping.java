package io.sendport.migration.biztalk;

import io.sendport.migration.report.PortLine;
import io.sendport.migration.report.Report;
import io.sendport.migration.report.Rule;
import io.sendport.migration.report.Todo;
import io.sendport.migration.source.Node;
import io.sendport.migration.source.SourceFile;
import io.sendport.migration.source.UnreadableException;
import io.sendport.migration.write.Element;
import io.sendport.migration.write.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Maps one send port that sends mail. */
final class PortMapping {

    /** The host that BizTalk's installation makes. */
    private static final String FIRST_HOST = "BizTalkServerApplication";

    private static final Set<String> KNOWN = Set.of(
            "description",
            "transmitpipeline",
            "sendpipelinedata",
            "primarytransport",
            "secondarytransport",
            "encryptioncert",
            "receivepipelinedata",
            "receivepipeline",
            "tracking",
            "filter",
            "transforms",
            "ordereddelivery",
            "priority",
            "stopsendingonfailure",
            "routefailedmessage",
            "applicationname",
            "inboundtransforms",
            "deliverynotification",
            "customdata");

    private final ImportContext context;

    PortMapping(ImportContext context) {
        this.context = context;
    }

    /**
     * Writes the port, whose primary transport is mail.
     *
     * @throws UnreadableException when a part of it is not XML; then nothing of the port is written
     */
    String write(SourceFile file, Node node, Transport transport, List<String> fedBy) throws UnreadableException {
        CustomProps props = transport.customProps(file.name());
        Optional<Transport> second = Transport.of(node, "SecondaryTransport");
        Optional<CustomProps> backup = second.isPresent() && second.get().isSmtp()
                ? Optional.of(second.get().customProps(file.name()))
                : Optional.empty();
        Pipelines.bag(node);
        ImportContext.Port port =
                context.new Port(file, node, context.host(transport.host().orElse(FIRST_HOST)));
        Element element =
                port.element.set("name", port.name).set("host", port.host.name).set("initialState", "stopped");
        String host = "host \"" + port.host.name + "\"";
        transport
                .host()
                .ifPresentOrElse(
                        name -> port.report(Rule.BT_HOST, transport.node(), "SendHandler", name, host, "", ""),
                        () -> port.report(
                                Rule.BT_HOST_ABSENT,
                                transport.node(),
                                "SendHandler",
                                "",
                                host,
                                "the file does not name the host",
                                "move the port to the host that ran it"));
        if (!port.name.equals(port.source)) {
            port.report(Rule.BT_NAME, node, "Name", port.source, port.name, "", "");
        }
        node.text("ApplicationName").ifPresent(application -> application(port, application));
        boolean encodes = new PipelineMapping(context, port).write();
        schedule(port, transport);
        description(port);
        Element mail = new MailMapping(context, port, transport, props).mail(encodes);
        maps(port);
        Element smtp = new SmtpMapping(context, port, props).smtp();
        if (!mail.isEmpty()) {
            element.add(mail);
        }
        port.maps.forEach(element::add);
        if (!smtp.isEmpty()) {
            element.add(smtp);
        }
        if (backup.isPresent()) {
            backup(port, transport, props, second.get(), backup.get());
        } else if (second.isPresent()) {
            String type = second.get().type();
            port.report(
                    Rule.BT_BACKUP_OTHER,
                    second.get().node(),
                    "SecondaryTransport",
                    type,
                    "",
                    "its backup is adapter " + type + ": a failed message is suspended instead",
                    "");
        }
        element.add(retry(port, transport));
        window(port, transport);
        new SubscribeMapping(context, port).subscribe(node).ifPresent(element::add);
        leftovers(port, encodes);
        if (fedBy.isEmpty() && element.isWithout("subscribe")) {
            port.report(
                    Rule.BT_UNFED,
                    node,
                    "Filter",
                    "",
                    "",
                    "no filter and no orchestration in these files submits to the port",
                    "submit with --port \"" + port.name + "\"");
        }
        context.ports.add(element);
        context.written.put(port.source, port.name);
        context.report.port(
                new PortLine(port.name, port.source, file.name(), node.line(), node.column(), port.host.name, fedBy));
        context.report.submit(Report.arguments(port.name, port.properties) + " --dry-run FILE");
        return port.name;
    }

    private static void application(ImportContext.Port port, String application) {
        String name = new Names().name(application);
        port.element.set("application", name);
        port.exact(port.node, "ApplicationName", application, "application");
    }

    private static void description(ImportContext.Port port) {
        Optional<String> given =
                port.node.text("Description").map(String::strip).filter(text -> !text.isEmpty());
        String text = given.orElse("");
        if (!port.name.equals(port.source)) {
            text = (text.isEmpty() ? "" : text + "\n") + "In BizTalk: " + port.source;
        }
        if (!text.isEmpty()) {
            port.element.add("description").content(text);
        }
        given.ifPresent(value -> port.exact(port.node, "Description", value, "description"));
    }

    private static boolean flag(Node node, String name) {
        return node.text(name)
                .or(() -> node.attribute(name))
                .filter(value ->
                        value.strip().equalsIgnoreCase("true") || value.strip().equals("1"))
                .isPresent();
    }

    private void schedule(ImportContext.Port port, Transport transport) {
        Node node = port.node;
        boolean ordered = flag(node, "OrderedDelivery") || flag(transport.node(), "OrderedDelivery");
        if (ordered) {
            port.element.set("ordered", "true");
            port.exact(node, "OrderedDelivery", "true", "ordered");
        }
        if (flag(node, "StopSendingOnFailure")) {
            if (ordered) {
                port.element.set("stopOnFailure", "true");
                port.exact(node, "StopSendingOnFailure", "true", "stopOnFailure");
            } else {
                port.report(
                        Rule.BT_STOP_UNORDERED,
                        node,
                        "StopSendingOnFailure",
                        "true",
                        "",
                        "has no effect without ordered delivery",
                        "");
            }
        }
        node.text("Priority")
                .map(String::strip)
                .filter(value -> value.matches("[1-9]|10") && !value.equals("5"))
                .ifPresent(value -> {
                    port.element.set("priority", value);
                    port.exact(node, "Priority", value, "priority");
                });
        if (flag(node, "RouteFailedMessage")) {
            port.element.set("routeFailedMessages", "true");
            port.exact(node, "RouteFailedMessage", "true", "routeFailedMessages");
        }
        transport
                .node()
                .text("DeliveryNotification")
                .filter(value -> !value.strip().equals("1") && !value.strip().equals("0"))
                .ifPresent(value -> port.report(
                        Rule.BT_NOTIFICATION,
                        transport.node(),
                        "DeliveryNotification",
                        value,
                        "",
                        "acknowledgments are published to every subscriber",
                        ""));
    }

    private void maps(ImportContext.Port port) {
        for (Node each : port.node.children("Transforms", "Transform")) {
            String full = each.attribute("FullName")
                    .or(() -> each.attribute("AssemblyQualifiedName"))
                    .orElse("Map");
            String type = Pipelines.last(Pipelines.type(full)).replaceAll("[^\\p{L}\\p{Nd}_-]", "_");
            String file = context.file(Pipelines.type(full) + "/" + type + ".xsl");
            String property = Names.property(type, "sourceType");
            port.todo(Todo.Kind.PROPERTY, property, "the message type (namespace#root) that map " + full + " takes");
            port.todo(
                    Todo.Kind.FILE,
                    file,
                    "compile the .btm of " + full
                            + " (Validate Map writes the XSLT); msxsl:script has to be rewritten");
            port.report(
                    Rule.BT_MAP,
                    each,
                    "Transforms/Transform",
                    full,
                    "<map stylesheet=\"" + file + "\">",
                    "a binding does not contain its XSLT",
                    "");
            port.maps.add(new Element("map")
                    .set("messageType", "{{" + property + "}}")
                    .set("stylesheet", file));
        }
    }

    private Element retry(ImportContext.Port port, Transport transport) {
        Node node = transport.node();
        int count = number(node, "RetryCount", 3);
        int interval = number(node, "RetryInterval", 5);
        for (String name : List.of("RetryCount", "RetryInterval")) {
            node.text(name)
                    .filter(value -> !value.strip().matches("\\d{1,7}"))
                    .ifPresent(value -> port.report(
                            Rule.BT_UNREADABLE, node, name, value, "its default", "is not a number", "set <retry>"));
        }
        if (count > 1000) {
            port.report(Rule.BT_RETRY_LIMIT, node, "RetryCount", String.valueOf(count), "count=\"1000\"", "", "");
        } else {
            port.exact(node, "RetryCount", String.valueOf(count), "retry count");
        }
        port.exact(node, "RetryInterval", String.valueOf(interval), "retry interval");
        return new Element("retry")
                .set("count", String.valueOf(Math.min(count, 1000)))
                .set("interval", "PT" + interval + "M");
    }

    private static int number(Node node, String name, int otherwise) {
        return node.text(name)
                .map(String::strip)
                .filter(value -> value.matches("\\d{1,7}"))
                .map(Integer::valueOf)
                .orElse(otherwise);
    }

    private void backup(
            ImportContext.Port port, Transport first, CustomProps props, Transport second, CustomProps secondProps) {
        Element smtp = new SmtpMapping(context, port, secondProps).smtp();
        if (smtp.get("host").isEmpty()) {
            // A backup transport does not inherit credentials.
            for (String each : List.of("host", "port", "tls", "auth", "user", "password", "allowClearText")) {
                if (smtp.get(each).isEmpty()) {
                    smtp.set(each, port.host.smtp.get(each));
                }
            }
        }
        Element backup = port.element.add("backupTransport");
        backup.add(smtp);
        backup.add(retry(port, second));
        for (String name : List.of("To", "CC", "From", "Subject", "EmailBodyText")) {
            String mine = props.text(name).orElse("");
            String other = secondProps.text(name).orElse("");
            if (!other.equals(mine) && !(name.equals("To") && other.isEmpty())) {
                port.report(
                        Rule.BT_BACKUP_DIFFERS,
                        second.node(),
                        "TransportTypeData/CustomProps/" + name,
                        other,
                        mine,
                        "in Sendport the backup transport sends the same mail",
                        "");
            }
        }
        if (!second.address().isEmpty()
                && !second.address().equals(first.address())
                && secondProps.text("To").isEmpty()) {
            port.report(
                    Rule.BT_BACKUP_DIFFERS,
                    second.node(),
                    "Address",
                    second.address(),
                    first.address(),
                    "in Sendport the backup transport sends the same mail",
                    "");
        }
        if (flag(second.node(), "ServiceWindowEnabled")) {
            port.report(
                    Rule.BT_BACKUP_DIFFERS,
                    second.node(),
                    "ServiceWindowEnabled",
                    "true",
                    "",
                    "in Sendport the backup transport has the port's window",
                    "");
        }
    }

    private void window(ImportContext.Port port, Transport transport) {
        Node node = transport.node();
        if (!flag(node, "ServiceWindowEnabled")) {
            return;
        }
        Optional<ServiceWindowMapping.Window> found =
                ServiceWindowMapping.of(node, context.zone, context.wholeDayOffsets);
        String value =
                node.text("FromTime").orElse("") + " to " + node.text("ToTime").orElse("");
        if (found.isEmpty()) {
            port.report(Rule.BT_WINDOW_ZONE, node, "FromTime", value, "", "is not a time; no window is written", "");
            return;
        }
        ServiceWindowMapping.Window window = found.get();
        if (window.isWholeDay()) {
            port.report(Rule.BT_WINDOW_ALWAYS, node, "ServiceWindowEnabled", value, "", "the whole day", "");
            return;
        }
        String target = window.from() + " to " + window.to() + " " + window.zone();
        port.report(
                window.isSure() ? Rule.BT_WINDOW : Rule.BT_WINDOW_ZONE,
                node,
                "FromTime",
                value,
                target,
                window.why(),
                "");
        port.element
                .add("serviceWindow")
                .set("from", window.from().toString())
                .set("to", window.to().toString())
                .set("zone", window.zone());
    }

    private void leftovers(ImportContext.Port port, boolean encodes) {
        Optional<Node> certificate = port.node.child("EncryptionCert").filter(each -> each.attribute("ThumbPrint")
                .isPresent());
        if (certificate.isPresent() && !encodes) {
            port.report(
                    Rule.BT_CERTIFICATE_UNUSED,
                    certificate.get(),
                    "EncryptionCert",
                    PipelineMapping.thumbprint(
                            certificate.get().attribute("ThumbPrint").orElse("")),
                    "",
                    "no encoder in the pipeline",
                    "");
        }
        List<String> counted = new ArrayList<>();
        for (String name : List.of("Tracking", "BindingOption", "AnalyticsEnabled")) {
            port.node
                    .text(name)
                    .or(() -> port.node.attribute(name))
                    .filter(value -> !value.strip().equals("0")
                            && !(name.equals("BindingOption") && value.strip().equals("1"))
                            && !value.strip().equalsIgnoreCase("false"))
                    .ifPresent(value -> counted.add(name));
        }
        if (!counted.isEmpty()) {
            port.report(
                    Rule.BT_TRACKING,
                    port.node,
                    String.join(", ", counted),
                    "",
                    "",
                    "the ledger records every message",
                    "");
        }
        for (Node each : port.node.children()) {
            if (!KNOWN.contains(each.name().toLowerCase(java.util.Locale.ROOT)) && !each.isNil()) {
                port.report(
                        Rule.BT_UNKNOWN,
                        each,
                        each.name(),
                        each.text().strip(),
                        "",
                        "is not a known part of a send port",
                        "");
            }
        }
    }
}
