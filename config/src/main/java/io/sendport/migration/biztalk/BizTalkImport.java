package io.sendport.migration.biztalk;

import io.sendport.migration.report.Outcome;
import io.sendport.migration.report.Rule;
import io.sendport.migration.source.Node;
import io.sendport.migration.source.SourceFile;
import io.sendport.migration.source.UnreadableException;
import io.sendport.migration.write.Document;
import io.sendport.migration.write.Element;
import io.sendport.migration.write.Imported;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Imports bindings together with exports of handlers and {@code .btp} files. */
public final class BizTalkImport {

    private final List<SourceFile> bindings = new ArrayList<>();
    /** Exports of handlers, and pipelines. */
    private final List<SourceFile> others = new ArrayList<>();

    private final Map<String, CustomProps> handlers = new LinkedHashMap<>();
    private final Map<String, List<Pipelines.Component>> pipelineFiles = new LinkedHashMap<>();
    private final Optional<ZoneId> zone;

    /**
     * Creates an import for times in {@code zone}, an IANA or Windows name.
     *
     * @throws UnreadableException when the zone does not exist
     */
    public BizTalkImport(Optional<String> zone) throws UnreadableException {
        try {
            this.zone = zone.map(ServiceWindowMapping::zone);
        } catch (DateTimeException e) {
            throw new UnreadableException(
                    "there is no time zone \"" + zone.orElse("") + "\"; give one such as Europe/Paris with --zone");
        }
    }

    /**
     * Imports the files together.
     *
     * @throws UnreadableException when one of them cannot be imported, or two hold different ports with the same name
     */
    public Imported of(List<SourceFile> files) throws UnreadableException {
        for (SourceFile file : files) {
            sort(file);
        }
        if (bindings.isEmpty()) {
            throw new UnreadableException(
                    "none of the files is a binding file; expected one with the root <BindingInfo>");
        }
        List<Node> transports = new ArrayList<>();
        for (SourceFile file : bindings) {
            for (Node port : ports(file)) {
                transports.addAll(port.children("PrimaryTransport"));
                transports.addAll(port.children("SecondaryTransport"));
            }
        }
        ImportContext context =
                new ImportContext(zone, ServiceWindowMapping.wholeDayOffsets(transports), handlers, pipelineFiles);
        Map<String, List<String>> senders = PortSenders.of(bindings);
        Map<String, Node> seen = new LinkedHashMap<>();
        Map<String, String> seenIn = new LinkedHashMap<>();
        for (SourceFile file : bindings) {
            importPorts(context, file, senders, seen, seenIn);
        }
        List<Element> groups = new ArrayList<>();
        for (SourceFile file : bindings) {
            groups.addAll(groups(context, file));
            NonMailItems.report(context, file);
        }
        summarizeOthers(context);
        return new Imported(document(context, files, groups), context.report, Skeletons.of(context.components));
    }

    /** Counts the files beside the bindings, and names the handlers that no imported port uses. */
    private void summarizeOthers(ImportContext context) {
        for (SourceFile each : others) {
            Map<String, Object> counts = new LinkedHashMap<>();
            counts.put("file", each.name());
            boolean handlerFile = each.root().is("handlers");
            counts.put("what", handlerFile ? "send handlers" : "pipeline " + pipeline(each));
            counts.put("sha256", each.sha256());
            if (handlerFile) {
                counts.put("handlers", each.root().children("handler").size());
            } else {
                counts.put(
                        "components",
                        pipelineFiles.getOrDefault(key(each), List.of()).size());
            }
            context.report.summary(counts);
            for (Node handler : each.root().children("handler")) {
                String host = handler.attribute("host").orElse("");
                if (!context.hosts.containsKey(host)) {
                    context.report.add(
                            Rule.BT_NOT_MAIL,
                            each.name(),
                            handler,
                            "handler " + host,
                            "",
                            "",
                            "no imported port uses it",
                            "",
                            "");
                }
            }
        }
    }

    private static String pipeline(SourceFile file) {
        return file.shortName().replaceFirst("(?i)\\.btp$", "");
    }

    private static String key(SourceFile file) {
        return pipeline(file).toLowerCase(Locale.ROOT);
    }

    private void sort(SourceFile file) throws UnreadableException {
        Node root = file.root();
        if (root.is("BindingInfo")) {
            bindings.add(file);
        } else if (root.is("handlers")) {
            others.add(file);
            for (Node each : root.children("handler")) {
                String host = each.attribute("host").orElse("");
                Optional<Node> props = each.child("CustomProps");
                handlers.put(
                        host,
                        new CustomProps(props, new Place(file.name(), props.orElse(each), "handler " + host + "/")));
            }
        } else if (root.is("Document") && root.child("Stages").isPresent()) {
            others.add(file);
            try {
                pipelineFiles.put(key(file), Pipelines.components(Optional.of(root)));
            } catch (UnreadableException e) {
                throw new UnreadableException(file.name() + ": " + e.getMessage());
            }
        } else {
            throw new UnreadableException(file.name() + " cannot be imported: its root is <" + root.name()
                    + ">. Leave it out, or give a binding file exported from BizTalk (<BindingInfo>), the settings of the handlers"
                    + " (<handlers>) or a pipeline (.btp)");
        }
    }

    private static List<Node> ports(SourceFile file) {
        return file.root().children("SendPortCollection", "SendPort");
    }

    private void importPorts(
            ImportContext context,
            SourceFile file,
            Map<String, List<String>> senders,
            Map<String, Node> seen,
            Map<String, String> seenIn)
            throws UnreadableException {
        int mail = 0;
        int skipped = 0;
        int refused = 0;
        List<Node> ports = ports(file);
        for (Node port : ports) {
            String name = port.attribute("Name").orElse("unnamed");
            String place = file.name() + ":" + port.line() + ":" + port.column();
            Node other = seen.putIfAbsent(name, port);
            if (other != null) {
                if (!NodeEquality.areEqual(other, port)) {
                    throw new UnreadableException("port \"" + name + "\" is defined in " + seenIn.get(name)
                            + ", and differently in " + place
                            + "; if these are test and production, import each in a run of its own");
                }
                continue;
            }
            seenIn.put(name, place);
            switch (importPort(context, file, port, senders.getOrDefault(name, List.of()))) {
                case EXACT -> mail++;
                case REFUSED -> refused++;
                default -> skipped++;
            }
        }
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("file", file.name());
        counts.put(
                "what",
                "BizTalk binding"
                        + file.root()
                                .text("Timestamp")
                                .map(time -> ", exported " + time.strip())
                                .orElse(""));
        counts.put("sha256", file.sha256());
        counts.put("sendPorts", mail + skipped + refused);
        counts.put("mailPorts", mail);
        counts.put("skippedSendPorts", skipped);
        counts.put("refusedSendPorts", refused);
        counts.put("receivePorts", count(file, "ReceivePortCollection", "ReceivePort"));
        counts.put("orchestrations", PortSenders.services(file).size());
        counts.put("sendPortGroups", count(file, "DistributionListCollection", "DistributionList"));
        counts.put("parties", count(file, "PartyCollection", "Party"));
        context.report.summary(counts);
    }

    private static int count(SourceFile file, String collection, String what) {
        return file.root().children(collection, what).size();
    }

    private Outcome importPort(ImportContext context, SourceFile file, Node port, List<String> fedBy) {
        String name = port.attribute("Name").orElse("unnamed");
        boolean isStatic = !port.attribute("IsStatic").orElse("true").matches("(?i)false|0");
        boolean twoWay = port.attribute("IsTwoWay").orElse("false").matches("(?i)true|1");
        if (!isStatic && !twoWay) {
            refuse(
                    context,
                    file,
                    port,
                    Rule.BT_DYNAMIC,
                    "each message brings its own address; Sendport takes only mailto: addresses, in domains that you list"
                            + OmittedSettings.of(port),
                    "a draft of the port is in the comment at the end of sendport.xml: complete it, and move it out of the comment");
            context.refused.add(
                    "dynamic port " + name + OmittedSettings.of(port) + ":\n<sendPort name=\"" + plain(name)
                            + "\" host=\"HOST\" initialState=\"stopped\">\n  <dynamic domains=\"customer.example\"/>\n</sendPort>");
            return Outcome.REFUSED;
        }
        Optional<Transport> first = Transport.of(port, "PrimaryTransport");
        Optional<Transport> second = Transport.of(port, "SecondaryTransport");
        if (!twoWay && first.isPresent() && first.get().isSmtp()) {
            try {
                new PortMapping(context).write(file, port, first.get(), fedBy);
                return Outcome.EXACT;
            } catch (UnreadableException e) {
                refuse(context, file, port, Rule.BT_PORT_BROKEN, String.valueOf(e.getMessage()), "export it again");
                return Outcome.REFUSED;
            }
        }
        if (!twoWay && second.isPresent() && second.get().isSmtp()) {
            refuse(
                    context,
                    file,
                    port,
                    Rule.BT_MAIL_AS_BACKUP,
                    first.map(Transport::type)
                                    .map(type -> "not imported, because its primary transport uses the adapter " + type
                                            + ", which import does not convert")
                                    .orElse("not imported, because its primary transport names no adapter")
                            + "; mail is only its backup transport",
                    first.isPresent()
                            ? "decide which program delivers in place of the primary transport from now on. Write a send port for the"
                                    + " mail, and let that program submit its message to the port when its own delivery fails"
                            : "if mail is the only transport, make it the primary transport in BizTalk; otherwise set the primary"
                                    + " transport there. Then export the bindings again");
            return Outcome.REFUSED;
        }
        if (first.isPresent() && first.get().isOtherMail()) {
            refuse(
                    context,
                    file,
                    port,
                    Rule.BT_MAIL_ADAPTER,
                    "not imported, because its adapter " + first.get().type()
                            + " is not the SMTP adapter, so its settings cannot be translated"
                            + OmittedSettings.of(port),
                    "a draft of the port is in the comment at the end of sendport.xml: complete it, and move it out of the comment");
            context.refused.add(
                    "port " + name + " of adapter " + first.get().type() + ", to "
                            + masked(first.get().address())
                            + OmittedSettings.of(port) + ":\n<sendPort name=\"" + plain(name)
                            + "\" host=\"HOST\" initialState=\"stopped\">\n"
                            + "  <mail from=\"ACCOUNT\" to=\""
                            + plain(masked(first.get().address())) + "\"/>\n"
                            + "  <smtp host=\"smtp.office365.com\" port=\"587\" tls=\"required\" auth=\"xoauth2\" user=\"ACCOUNT\">\n"
                            + "    <oauth2 preset=\"microsoft365\" tenant=\"TENANT\" clientId=\"CLIENT\" clientSecret=\"{{env:OAUTH_SECRET}}\"/>\n  </smtp>\n</sendPort>");
            return Outcome.REFUSED;
        }
        context.report.add(
                Rule.BT_NOT_MAIL,
                file.name(),
                port,
                "send port " + name,
                first.map(each -> each.type() + ", " + masked(each.address())).orElse(""),
                "",
                fedBy.isEmpty() ? "" : "fed by " + String.join("; ", fedBy),
                "",
                "");
        return Outcome.SKIPPED;
    }

    private static String plain(String text) {
        return text.replaceAll("[<>\"&{}]", "_");
    }

    /** An address may contain a user, a password or a key. */
    private static String masked(String address) {
        return address.replaceAll("//.*@", "//***@").replaceAll("=[^&;]*", "=***");
    }

    private static void refuse(
            ImportContext context, SourceFile file, Node port, Rule rule, String message, String advice) {
        context.report.add(
                rule,
                file.name(),
                port,
                "send port " + port.attribute("Name").orElse("unnamed"),
                "",
                "",
                message,
                advice,
                "");
    }

    private List<Element> groups(ImportContext context, SourceFile file) {
        List<Element> groups = new ArrayList<>();
        for (Node group : file.root().children("DistributionListCollection", "DistributionList")) {
            String source = group.attribute("Name").orElse("unnamed");
            Node other = context.groups.putIfAbsent(source, group);
            if (other != null && NodeEquality.areEqual(other, group)) {
                continue;
            }
            List<String> mine = new ArrayList<>();
            List<String> others = new ArrayList<>();
            for (Node member : PortSenders.members(group)) {
                String name = member.attribute("Name").orElse("");
                String written = context.written.get(name);
                if (written == null) {
                    others.add(name);
                } else {
                    mine.add(written);
                }
            }
            if (mine.isEmpty()) {
                context.report.add(
                        Rule.BT_NOT_MAIL,
                        file.name(),
                        group,
                        "group " + source,
                        "",
                        "",
                        "no member sends mail; members: " + String.join(", ", others),
                        "",
                        "");
                continue;
            }
            ImportContext.Port groupContext = context
            .new Port(file, group, context.hosts.values().iterator().next());
            Element element = new Element("sendPortGroup").set("name", groupContext.name);
            if (!groupContext.name.equals(source)) {
                groupContext.report(Rule.BT_NAME, group, "Name", source, groupContext.name, "", "");
            }
            mine.forEach(each -> element.add("member").set("port", each));
            new SubscribeMapping(context, groupContext).subscribe(group).ifPresent(element::add);
            groupContext.report(
                    others.isEmpty() ? Rule.BT_PORT : Rule.BT_GROUP,
                    group,
                    "group " + source,
                    source,
                    groupContext.name,
                    others.isEmpty() ? "" : "without its members that do not send mail: " + String.join(", ", others),
                    "");
            groups.add(element);
        }
        return groups;
    }

    private static String document(ImportContext context, List<SourceFile> files, List<Element> groups) {
        Element root = new Element("sendport").set("xmlns", "urn:sendport:config:1");
        context.promotions.forEach((source, name) ->
                root.comment("to do: " + source + "\n<promote property=\"" + name + "\" xpath=\"...\"/>"));
        for (ImportContext.Host host : context.hosts.values()) {
            Element element = new Element("host").set("name", host.name);
            for (Element each : List.of(host.identity, host.smtp, host.mail)) {
                if (!each.isEmpty()) {
                    element.add(each);
                }
            }
            root.add(element);
        }
        context.pipelines.values().forEach(root::add);
        Document.addPorts(root, context.ports, context.report);
        groups.forEach(root::add);
        context.refused.forEach(root::comment);
        return Document.of(root, "BizTalk", files, context.report);
    }
}
