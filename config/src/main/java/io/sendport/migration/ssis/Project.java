package io.sendport.migration.ssis;

import io.sendport.migration.source.Node;
import io.sendport.migration.source.SourceFile;
import io.sendport.migration.source.SourceReader;
import io.sendport.migration.source.UnreadableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The content of all files, by kind. */
final class Project {

    private static final int MAX_ENTRIES = 2_000;
    private static final long MAX_BYTES = 200L << 20;

    final List<SourceFile> files = new ArrayList<>();
    final List<SourceFile> packages = new ArrayList<>();
    final List<SourceFile> connections = new ArrayList<>();
    /** Values of project parameters by name. */
    final Map<String, Parameter> parameters = new LinkedHashMap<>();
    /** Configured values by their path, in lower case. */
    final Map<String, String> configured = new LinkedHashMap<>();

    /** A parameter; the value of a sensitive parameter is not in the files. */
    record Parameter(String value, boolean sensitive) {}

    private final Set<String> used = new HashSet<>();

    /** The configured value at {@code path}. Every requested path counts as used. */
    Optional<String> value(String path) {
        return value("", path);
    }

    /** As above; a value of the package in the file {@code owner} takes precedence. */
    Optional<String> value(String owner, String path) {
        String key = path.toLowerCase(Locale.ROOT);
        String own = owner.toLowerCase(Locale.ROOT) + key;
        used.add(key);
        used.add(own);
        return Optional.ofNullable(configured.getOrDefault(own, configured.get(key)));
    }

    /** A parameter of the project, or of the package in {@code file}. */
    Optional<Parameter> parameter(Expression.Name name, SourceFile file) {
        if (name.namespace().equals("$Project")) {
            return parameter("", name.name());
        }
        if (!name.namespace().equals("$Package")) {
            return Optional.empty();
        }
        return parameter(file.shortName(), name.name())
                .filter(each -> !each.value().isEmpty())
                .or(() -> Dts.each(file.root(), "PackageParameters", "PackageParameter").stream()
                        .filter(each -> Dts.name(each).equalsIgnoreCase(name.name()))
                        .map(each -> new Parameter(
                                Dts.property(each, "ParameterValue").orElse(""), Dts.flag(each, "Sensitive")))
                        .findFirst());
    }

    private Optional<Parameter> parameter(String owner, String name) {
        return Optional.ofNullable(parameters.get((owner + "|" + name).toLowerCase(Locale.ROOT)));
    }

    /** Paths of configured values that were never requested. */
    List<String> unused() {
        return configured.keySet().stream().filter(path -> !used.contains(path)).toList();
    }

    void add(Path path) throws UnreadableException {
        String name = path.toString();
        byte[] bytes = SourceReader.bytes(path, name);
        if (bytes.length > 4 && bytes[0] == 'P' && bytes[1] == 'K') {
            archive(bytes, name);
        } else {
            sort(SourceReader.read(bytes, name));
        }
    }

    private void archive(byte[] bytes, String name) throws UnreadableException {
        long total = 0;
        int entries = 0;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String inside = URLDecoder.decode(entry.getName().replace("+", "%2B"), StandardCharsets.UTF_8);
                entries++;
                String lower = inside.toLowerCase(Locale.ROOT);
                boolean wanted = lower.endsWith(".dtsx")
                        || lower.endsWith(".conmgr")
                        || lower.endsWith(".params")
                        || lower.endsWith(".manifest");
                byte[] content = zip.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, MAX_BYTES - total + 1));
                total += content.length;
                if (entries > MAX_ENTRIES || total > MAX_BYTES) {
                    throw new UnreadableException(name + " unpacks to more than 2,000 files or 200 MB");
                }
                if (wanted) {
                    sort(SourceReader.read(content, name + "/" + inside));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new UnreadableException(name + " cannot be read as an archive: " + e.getMessage());
        }
        if (entries == 0) {
            throw new UnreadableException(name + " cannot be read as an archive");
        }
    }

    private void sort(SourceFile file) throws UnreadableException {
        files.add(file);
        Node root = file.root();
        if (root.is("EncryptedData") || root.child("EncryptedData").isPresent()) {
            throw new UnreadableException(
                    file.name() + " is encrypted as a whole; save it with ProtectionLevel DontSaveSensitive");
        }
        if (root.is("Executable")) {
            packages.add(file);
        } else if (root.is("ConnectionManager")) {
            connections.add(file);
        } else if (root.is("Parameters")) {
            root.children("Parameter").forEach(each -> parameter(each, ""));
        } else if (root.is("DTSConfiguration")) {
            for (Node each : root.children("Configuration")) {
                each.attribute("Path")
                        .ifPresent(path -> configured.put(
                                path.toLowerCase(Locale.ROOT),
                                each.text("ConfiguredValue").orElse("")));
            }
        } else if (root.is("Project")) {
            manifest(root, "");
        } else {
            throw new UnreadableException(file.name() + " is not a file of SSIS: its root element is <" + root.name()
                    + ">. Give a package (.dtsx), a connection manager (.conmgr), Project.params or a .dtsConfig file");
        }
    }

    /** Parameters in the metadata of a package belong only to that package. */
    private void manifest(Node node, String owner) {
        for (Node each : node.children()) {
            if (each.is("Parameter")) {
                parameter(each, owner);
            } else {
                boolean ofAPackage = each.is("PackageMetaData");
                manifest(each, ofAPackage ? each.attribute("Name").orElse("").toLowerCase(Locale.ROOT) : owner);
            }
        }
    }

    private void parameter(Node node, String owner) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (Node each : Dts.each(node, "Properties", "Property")) {
            properties.put(each.attribute("Name").orElse(""), each.text());
        }
        String name = node.attribute("Name").orElse("");
        parameters.put(
                (owner + "|" + name).toLowerCase(Locale.ROOT),
                new Parameter(
                        properties.getOrDefault("Value", ""),
                        properties.getOrDefault("Sensitive", "0").equals("1")));
        if (name.startsWith("CM.") && !properties.getOrDefault("Value", "").isEmpty()) {
            int dot = name.lastIndexOf('.');
            configured.putIfAbsent(
                    (owner + "\\package.connections[" + name.substring(3, Math.max(3, dot)) + "].properties["
                                    + name.substring(dot + 1) + "]")
                            .toLowerCase(Locale.ROOT),
                    properties.getOrDefault("Value", ""));
        }
    }
}
