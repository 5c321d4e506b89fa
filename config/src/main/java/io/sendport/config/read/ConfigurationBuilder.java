package io.sendport.config.read;

import io.sendport.api.mail.MailAddress;
import io.sendport.api.settings.ByteSize;
import io.sendport.api.settings.Identity;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Settings;
import io.sendport.config.AuditDisclosure;
import io.sendport.config.BodyKeySettings;
import io.sendport.config.Configuration;
import io.sendport.config.FilePattern;
import io.sendport.config.HostSettings;
import io.sendport.config.MessageBoxSettings;
import io.sendport.config.Promotion;
import io.sendport.config.StoreUrl;
import io.sendport.config.port.SendPort;
import io.sendport.config.port.SendPortGroup;
import io.sendport.support.XmlLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Builds the model from the tree, and finds duplicate names and dangling references. */
final class ConfigurationBuilder {

    private static final String DEFAULT_STORE = StoreUrl.SQLITE + "var/sendport.db";

    private final Settings root;
    private final Path file;
    private final Map<String, String> properties;
    private final List<Problem> problems;
    private final List<FilePattern> patterns = new ArrayList<>();

    ConfigurationBuilder(Settings root, Path file, Map<String, String> properties, List<Problem> problems) {
        this.root = root;
        this.file = file;
        this.properties = properties;
        this.problems = problems;
    }

    Configuration build(String sha256, List<Path> files, List<FilePattern> includes, Set<Path> propertyFiles) {
        patterns.addAll(includes);
        Set<Path> namedFiles = SecretFiles.named(root);
        namedFiles.addAll(propertyFiles);
        atMostOne(root, "messageBox", problems);
        atMostOne(root, "auditLedger", problems);
        atMostOne(root, "observe", problems);
        atMostOne(root, "console", problems);
        atMostOne(root, "alerts", problems);
        SmtpConnections connections = new SmtpConnections(named("smtpConnection"), problems);
        Map<String, Settings> pipelines = named("pipeline");
        Map<String, Settings> hosts = named("host");
        Map<String, Settings> ports = named("sendPort");
        pipelines.values().forEach(this::checkStages);
        List<HostSettings> hostList = hosts.values().stream().map(this::host).toList();
        PortBuilder builder =
                new PortBuilder(connections, pipelines, hosts, new AuditRelays(hosts, connections, problems), problems);
        List<SendPort> portList = new ArrayList<>();
        for (Settings element : root.children("sendPort")) {
            Optional<SendPort> port = builder.port(element);
            // A second port with the same name is checked like any other and then left out.
            port.filter(built -> ports.containsValue(element)).ifPresent(portList::add);
        }
        List<SendPortGroup> groups = named("sendPortGroup").values().stream()
                .map(group -> SendPortGroup.of(group, ports.keySet(), problems))
                .toList();
        Map<String, SendPort> portsByName = new HashMap<>();
        portList.forEach(port -> portsByName.put(port.name(), port));
        hosts.values().forEach(host -> host.child("submission")
                .ifPresent(each -> SubmissionBuilder.checkPorts(each, portsByName, groups, problems)));
        MessageBoxSettings box = messageBox(
                        root.child("messageBox").orElse(Settings.empty("messageBox", root.origin())), problems)
                .orElseGet(() -> defaultBox(root.origin()));
        RetentionBuilder.check(portList, box, problems);
        return new Configuration(
                file,
                files,
                List.copyOf(patterns),
                namedFiles,
                sha256,
                box,
                LedgerBuilder.auditLedger(
                        root.child("auditLedger").orElse(Settings.empty("auditLedger", root.origin())), problems),
                root.child("observe"),
                root.child("console").map(console -> ConsoleBuilder.console(console, box.place(), problems)),
                root.child("alerts").map(alerts -> new AlertBuilder(connections, problems).alerts(alerts)),
                root.children("promote").stream()
                        .flatMap(element -> promotion(element, problems))
                        .toList(),
                Map.copyOf(properties),
                hostList,
                connections.byName(),
                portList,
                groups);
    }

    static Optional<MessageBoxSettings> messageBox(Settings box, List<Problem> problems) {
        StoreUrl url;
        try {
            url = StoreUrl.parse(
                    box.text("url", DEFAULT_STORE), box.originOf("url").folder());
        } catch (StoreUrl.WrongException e) {
            problems.add(box.problem("url", String.valueOf(e.getMessage()), e.advice()));
            return Optional.empty();
        }
        Optional<Path> folder = box.path("folder");
        if (folder.isPresent()) {
            Optional<StoreUrl> moved = url.withFiles(folder.get());
            if (moved.isEmpty()) {
                problems.add(box.problem(
                        "folder",
                        "has no effect with SQLite, which keeps these files beside the database",
                        "name the place of the database in url, and leave folder out"));
            }
            url = moved.orElse(url);
        }
        if (url.trustsAnyServer()) {
            problems.add(Problem.warning(
                    box.originOf("url"),
                    "<messageBox> url",
                    "another machine could impersonate the database: without sslmode=verify-full, its certificate is not verified",
                    "add ?sslmode=verify-full&sslrootcert=FILE to the URL, written as &amp; in XML"));
        }
        Settings limits = box.child("limits").orElse(Settings.empty("limits", box.origin()));
        Settings retention = box.child("retention").orElse(Settings.empty("retention", box.origin()));
        try {
            Duration messages = duration(retention, "messages", "P30D");
            Duration audit = duration(retention, "audit", "P10Y");
            if (audit.compareTo(messages) < 0) {
                problems.add(retention.problem(
                        "audit",
                        "records would be deleted before the messages that they describe",
                        "expected at least the value of messages, which is " + retention.text("messages", "P30D")));
            }
            return Optional.of(new MessageBoxSettings(
                    url.url(),
                    url.sqliteFile(),
                    url.place(),
                    box.text("user"),
                    box.text("password").map(Secret::new),
                    duration(box, "dedupeFor", "P7D"),
                    duration(box, "lease", "PT30S"),
                    duration(retention, "bodies", "PT0S"),
                    messages,
                    audit,
                    limits.bytes("maxBytes", ByteSize.parse("50GB")),
                    limits.bytes("minFree", ByteSize.parse("256MB")),
                    secureDelete(retention, url, problems),
                    bodyKey(box, problems)));
        } catch (RuntimeException e) {
            problems.add(Problem.error(box.origin(), "<messageBox>", String.valueOf(e.getMessage()), ""));
            return Optional.empty();
        }
    }

    static MessageBoxSettings defaultBox(Origin origin) {
        StoreUrl url = StoreUrl.parse(DEFAULT_STORE, origin.folder());
        return new MessageBoxSettings(
                url.url(),
                url.sqliteFile(),
                url.place(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofDays(7),
                Duration.ofSeconds(30),
                Duration.ZERO,
                Duration.ofDays(30),
                Duration.ofDays(3650),
                ByteSize.parse("50GB"),
                ByteSize.parse("256MB"),
                false,
                Optional.empty());
    }

    /** PostgreSQL decides itself how long deleted rows and its write-ahead log are kept. Sendport cannot overwrite them. */
    private static boolean secureDelete(Settings retention, StoreUrl url, List<Problem> problems) {
        boolean isAsked = retention.text("secureDelete", "false").equals("true");
        if (isAsked && url.sqliteFile().isEmpty()) {
            problems.add(retention.problem(
                    "secureDelete",
                    "PostgreSQL does not let Sendport overwrite deleted rows or its write-ahead log",
                    "leave it out and encrypt the disk, or keep the message box in SQLite"));
        }
        return isAsked;
    }

    private static Optional<BodyKeySettings> bodyKey(Settings box, List<Problem> problems) {
        Optional<Secret> password = box.text("bodyKeyPassword").map(Secret::new);
        if (password.isPresent() && !box.has("bodyKey")) {
            problems.add(box.problem(
                    "bodyKeyPassword",
                    "has no effect without bodyKey",
                    "name the PKCS#12 file in bodyKey, or leave bodyKeyPassword out"));
        }
        Optional<Path> file = box.path("bodyKey");
        if (box.has("bodyKey") && file.isEmpty()) {
            problems.add(box.problem(
                    "bodyKey",
                    "is empty",
                    "name the file with the key, or remove bodyKey to store bodies unencrypted"));
        }
        return file.map(each -> new BodyKeySettings(each, password, box.originOf("bodyKey")));
    }

    private HostSettings host(Settings host) {
        for (String element : List.of("identity", "smtp", "mail", "dkim", "retry", "audit", "submission")) {
            atMostOne(host, element, problems);
        }
        host.child("smtp").ifPresent(smtp -> {
            if (host.child("auditRelay").isPresent()) {
                problems.add(Problem.error(
                        smtp.origin(),
                        "host " + host.text("name", ""),
                        "names a server in addition to its <auditRelay>",
                        "with an audit relay every port connects only to the relay; leave <smtp> out"));
            }
        });
        Optional<Identity> identity = host.child("identity")
                .map(element -> new Identity(
                        element.text("domain", ""),
                        element.text("user", ""),
                        new Secret(element.text("password", ""))));
        Settings audit = host.child("audit").orElse(Settings.empty("audit", host.origin()));
        List<Path> routes = new ArrayList<>();
        host.children("routes").forEach(element -> routes.addAll(files(element)));
        Optional<MailAddress> redirect = host.text("redirectTo").flatMap(text -> {
            try {
                return Optional.of(MailAddress.parse(text).withAsciiDomain());
            } catch (IllegalArgumentException e) {
                problems.add(host.problem("redirectTo", String.valueOf(e.getMessage()), "expected one address"));
                return Optional.empty();
            }
        });
        return new HostSettings(
                host.text("name", ""),
                host.origin(),
                identity,
                routes,
                digest(routes),
                host.child("submission").map(each -> SubmissionBuilder.submission(each, problems)),
                AuditDisclosure.of(audit, problems),
                auditorCertificate(audit),
                redirect);
    }

    private Optional<Path> auditorCertificate(Settings audit) {
        Optional<Path> file = audit.path("auditorCertificate");
        file.filter(each -> !java.nio.file.Files.isReadable(each))
                .ifPresent(each -> problems.add(audit.problem(
                        "auditorCertificate",
                        each + " does not exist or cannot be read",
                        "expected a certificate, PEM or DER")));
        return file;
    }

    /** The digest of files that exist. A missing file has already been reported. */
    private static String digest(List<Path> files) {
        List<Path> readable =
                files.stream().filter(java.nio.file.Files::isReadable).toList();
        return readable.isEmpty() ? "" : ConfigurationReader.digest(readable);
    }

    private List<Path> files(Settings element) {
        String pattern = element.text("file", "");
        try {
            FilePattern routes = new FilePattern(element.origin().folder(), pattern);
            patterns.add(routes);
            List<Path> found = routes.files();
            for (Path each : found) {
                if (!java.nio.file.Files.isReadable(each)) {
                    problems.add(element.problem(
                            "file", "\"" + pattern + "\" cannot be read", "expected a file at " + each));
                }
            }
            if (found.isEmpty()) {
                problems.add(element.problem(
                        "file",
                        "\"" + pattern + "\" matches no file",
                        "expected Camel routes in XML, in a file relative to this one"));
            }
            return found;
        } catch (IOException e) {
            problems.add(element.problem(
                    "file",
                    "cannot list \"" + pattern + "\": " + e.getMessage(),
                    "check the folder and its permissions"));
            return List.of();
        }
    }

    static Stream<Promotion> promotion(Settings element, List<Problem> problems) {
        Optional<String> xpath = element.text("xpath");
        if (xpath.isEmpty() && (element.has("jsonPath") || !element.flag("audit", false))) {
            if (!element.has("jsonPath")) {
                problems.add(element.problem(
                        "xpath",
                        "is missing",
                        "add xpath to take the value from the message, or audit=\"true\" to record on the ledger the value"
                                + " that the submitter sets"));
            }
            return Stream.empty();
        }
        Map<String, String> namespaces = new HashMap<>();
        element.attributes().forEach((name, setting) -> {
            if (name.startsWith("xmlns:")) {
                namespaces.putIfAbsent(name.substring(6), setting.value());
            }
        });
        XmlLimits limits;
        try {
            limits = XmlLimits.of(element);
        } catch (IllegalArgumentException e) {
            // The schema has already reported the attribute.
            limits = XmlLimits.DEFAULT;
        }
        Promotion promotion = new Promotion(
                element.text("property", ""),
                element.text("messageType"),
                xpath,
                namespaces,
                element.flag("audit", false),
                limits);
        promotion
                .fault()
                .ifPresent(fault -> problems.add(element.problem(
                        "xpath", "\"" + xpath.orElse("") + "\" is not valid XPath: " + fault, "expected XPath 1.0")));
        return Stream.of(promotion);
    }

    private void checkStages(Settings pipeline) {
        for (String stage : List.of("preAssemble", "assemble", "encode")) {
            atMostOne(pipeline, stage, problems);
        }
        pipeline.child("assemble")
                .filter(stage -> stage.children().size() > 1)
                .ifPresent(stage -> problems.add(Problem.error(
                        stage.origin(),
                        "pipeline " + pipeline.text("name", ""),
                        stage.children().size() + " components in the assemble stage",
                        "expected at most one")));
    }

    private Map<String, Settings> named(String kind) {
        Map<String, Settings> found = new LinkedHashMap<>();
        for (Settings element : root.children(kind)) {
            String name = element.text("name", "");
            Settings first = found.putIfAbsent(name, element);
            if (first != null) {
                problems.add(element.problem(
                        "name",
                        "the name of " + kind + " \"" + name + "\" is used twice",
                        "use another name here, or in the first at " + first.origin()));
            }
        }
        return found;
    }

    static void atMostOne(Settings parent, String name, List<Problem> problems) {
        Set<String> seen = new HashSet<>();
        for (Settings child : parent.children(name)) {
            if (!seen.add(name)) {
                problems.add(Problem.error(
                        child.origin(),
                        "<" + parent.element() + ">",
                        "has a second <" + name + ">",
                        "expected at most one"));
            }
        }
    }

    static Duration duration(Settings settings, String name, String otherwise) {
        return Durations.parse(settings.text(name, otherwise));
    }
}
