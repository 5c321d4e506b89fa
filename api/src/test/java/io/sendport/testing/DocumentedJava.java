package io.sendport.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/** Compiles the Java classes that a page of the documentation shows. */
public final class DocumentedJava {

    private static final Pattern BLOCK = Pattern.compile("(?s)```java\n(.*?)```");
    private static final Pattern TYPE = Pattern.compile("(?m)^(?:public )?(?:final )?(?:class|record) (\\w+)");

    private DocumentedJava() {}

    /**
     * Compiles each block of Java with the class path of this test.
     *
     * @param page such as {@code ../../docs/embedding.md}
     * @return what the compiler said; empty when nothing
     */
    public static String compile(Path page, Path folder) throws IOException {
        return compile(page, folder, "");
    }

    /**
     * As {@link #compile(Path, Path)}, for one class.
     *
     * @param wanted the name of the class; empty: all
     */
    public static String compile(Path page, Path folder, String wanted) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-d",
                folder.toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        int count = arguments.size();
        for (MatchResult block : BLOCK.matcher(Files.readString(page)).results().toList()) {
            Matcher type = TYPE.matcher(block.group(1));
            if (!type.find()) {
                throw new IllegalStateException("a block of Java in " + page + " has no class");
            }
            if (!wanted.isEmpty() && !type.group(1).equals(wanted)) {
                continue;
            }
            arguments.add(Files.writeString(folder.resolve(type.group(1) + ".java"), block.group(1))
                    .toString());
        }
        if (arguments.size() == count) {
            throw new IllegalStateException(page + " has no Java");
        }
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler().run(null, output, output, arguments.toArray(String[]::new));
        return (status == 0 ? "" : "status " + status + " ") + output.toString(StandardCharsets.UTF_8);
    }
}
