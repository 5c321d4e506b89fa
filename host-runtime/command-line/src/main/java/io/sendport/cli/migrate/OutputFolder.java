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

/** What {@code import --output} writes: the configuration, and where that is put which only a person has. Nothing that is there is overwritten. */
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
                .map(each ->
                        each.name() + "\n    " + each.message() + "\n    for " + String.join(", ", each.ports()) + "\n")
                .collect(Collectors.joining());
    }

    private static String toCopy(Imported imported) {
        String files = lines(imported, Todo.Kind.FILE);
        return "Files to copy here, by their names in sendport.xml:\n\n" + (files.isEmpty() ? "none\n" : files);
    }

    private static String toSet(Imported imported) {
        String variables = lines(imported, Todo.Kind.ENV);
        String properties = lines(imported, Todo.Kind.PROPERTY);
        return "Environment variables that `sendport run` needs:\n\n" + (variables.isEmpty() ? "none\n" : variables)
                + "\nValues to give in <properties>, in a file that includes sendport.xml or in it:\n\n"
                + (properties.isEmpty() ? "none\n" : properties);
    }
}
