package io.sendport.cli.migrate;

import io.sendport.migration.report.Todo;
import io.sendport.migration.write.Imported;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes the output of {@code import --output}: the configuration, and folders for the files that only a person can supply. It never
 * overwrites a file.
 */
final class OutputFolder {

    private OutputFolder() {}

    static void write(Path folder, Imported imported) throws IOException {
        Map<String, String> files = new TreeMap<>(imported.files());
        files.put("sendport.xml", imported.configuration());
        files.put("import/README.txt", toCopy(imported));
        files.put("env/README.txt", toSet(imported));
        for (String each : files.keySet()) {
            if (Files.exists(folder.resolve(each))) {
                throw new FileAlreadyExistsException(folder.resolve(each).toString());
            }
        }
        for (Map.Entry<String, String> each : files.entrySet()) {
            Path file = folder.resolve(each.getKey()).normalize();
            if (!file.startsWith(folder.normalize())) {
                throw new IOException(each.getKey() + " is outside of " + folder);
            }
            Path parent = file.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.writeString(file, each.getValue(), StandardOpenOption.CREATE_NEW);
        }
    }

    private static String lines(Imported imported, Todo.Kind kind) {
        return imported.report().todos().stream()
                .filter(each -> each.kind() == kind)
                .map(each -> each.name() + "\n    " + each.message() + "\n"
                        + (each.ports().isEmpty() ? "" : "    for " + String.join(", ", each.ports()) + "\n"))
                .collect(Collectors.joining());
    }

    private static String toCopy(Imported imported) {
        String files = lines(imported, Todo.Kind.FILE);
        return "Copy these files here, with the names that sendport.xml uses:\n\n"
                + (files.isEmpty() ? "none\n" : files);
    }

    private static String toSet(Imported imported) {
        String variables = lines(imported, Todo.Kind.ENV);
        String properties = lines(imported, Todo.Kind.PROPERTY);
        return "Set these environment variables for every `sendport` command:\n\n"
                + (variables.isEmpty() ? "none\n" : variables)
                + "\nSet these values in <properties>, in sendport.xml or in a file that includes it:\n\n"
                + (properties.isEmpty() ? "none\n" : properties);
    }
}
