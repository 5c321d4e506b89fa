package io.sendport.migration.biztalk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Generates a class that compiles for each component that must be ported, and a POM for them. */
final class Skeletons {

    /** The end of each skeleton, after the name of its class. */
    private static final String UNFINISHED =
            " is only a skeleton; rewrite the .NET class of this name in Java, put the new jar into plugins,"
                    + " restart Sendport, then resume the message\");\n    }\n}\n";

    private static final Set<String> KEYWORDS = Set.of(
            "abstract",
            "assert",
            "boolean",
            "break",
            "byte",
            "case",
            "catch",
            "char",
            "class",
            "const",
            "continue",
            "default",
            "do",
            "double",
            "else",
            "enum",
            "extends",
            "final",
            "finally",
            "float",
            "for",
            "goto",
            "if",
            "implements",
            "import",
            "instanceof",
            "int",
            "interface",
            "long",
            "native",
            "new",
            "package",
            "private",
            "protected",
            "public",
            "return",
            "short",
            "static",
            "strictfp",
            "super",
            "switch",
            "synchronized",
            "this",
            "throw",
            "throws",
            "transient",
            "try",
            "void",
            "volatile",
            "while",
            "true",
            "false",
            "null",
            "record",
            "var",
            "yield",
            "sealed",
            "permits",
            "_");

    private Skeletons() {}

    static Map<String, String> of(Map<String, Pipelines.Component> components) {
        Map<String, String> files = new LinkedHashMap<>();
        components.forEach((type, component) -> {
            if (isJava(type)) {
                files.put("components/src/main/java/" + type.replace('.', '/') + ".java", source(type, component));
            }
        });
        if (!files.isEmpty()) {
            files.put("components/pom.xml", pom());
        }
        return files;
    }

    private static boolean isJava(String type) {
        for (String part : type.split("\\.", -1)) {
            if (!part.matches("[A-Za-z_$][A-Za-z0-9_$]*") || KEYWORDS.contains(part)) {
                return false;
            }
        }
        return true;
    }

    private static String source(String type, Pipelines.Component component) {
        int dot = type.lastIndexOf('.');
        String name = type.substring(dot + 1);
        List<String> properties = new ArrayList<>();
        component.properties().keySet().forEach(each -> {
            String parameter = each.replaceAll("[^A-Za-z0-9_]", "_");
            properties.add("Optional<String> "
                    + (KEYWORDS.contains(parameter) || parameter.matches("\\d.*") ? "_" + parameter : parameter));
        });
        String head = (dot < 0 ? "" : "package " + type.substring(0, dot) + ";\n\n");
        String record = "/** To be ported from the .NET class of the same name. */\n";
        String parameters = String.join(", ", properties);
        return switch (component.stage()) {
            case PRE_ASSEMBLE ->
                head
                        + "import io.sendport.api.component.MessageComponent;\nimport io.sendport.api.component.MessageScope;\n"
                        + "import io.sendport.api.message.Message;\nimport java.util.Optional;\n\n"
                        + record + "public record " + name + "(" + parameters
                        + ") implements MessageComponent {\n\n    @Override\n"
                        + "    public Optional<Message> process(Message message, MessageScope scope) {\n"
                        + "        throw new UnsupportedOperationException(\"" + name
                        + UNFINISHED;
            case ASSEMBLE ->
                head
                        + "import io.sendport.api.component.Assembler;\nimport io.sendport.api.component.AssembleScope;\n"
                        + "import io.sendport.api.mail.Mail;\nimport io.sendport.api.message.Message;\nimport java.util.Optional;\n\n"
                        + record + "public record " + name + "(" + parameters
                        + ") implements Assembler {\n\n    @Override\n"
                        + "    public Mail assemble(Message message, AssembleScope scope) {\n"
                        + "        throw new UnsupportedOperationException(\"" + name
                        + UNFINISHED;
            case ENCODE ->
                head
                        + "import io.sendport.api.component.Encoder;\nimport io.sendport.api.component.EncodeScope;\n"
                        + "import io.sendport.api.mail.Entity;\nimport java.util.Optional;\n\n"
                        + record + "public record " + name + "(" + parameters
                        + ") implements Encoder {\n\n    @Override\n"
                        + "    public Entity encode(Entity entity, EncodeScope scope) {\n"
                        + "        throw new UnsupportedOperationException(\"" + name
                        + UNFINISHED;
        };
    }

    private static String pom() {
        return """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>local</groupId>
                  <artifactId>ported-components</artifactId>
                  <version>1</version>
                  <properties>
                    <maven.compiler.release>17</maven.compiler.release>
                    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                  </properties>
                  <dependencies>
                    <dependency>
                      <groupId>io.sendport</groupId>
                      <artifactId>sendport-api</artifactId>
                      <version>1.0.0-SNAPSHOT</version>
                      <scope>provided</scope>
                    </dependency>
                  </dependencies>
                  <build>
                    <plugins>
                      <plugin>
                        <artifactId>maven-compiler-plugin</artifactId>
                        <version>3.16.0</version>
                      </plugin>
                    </plugins>
                  </build>
                </project>
                """;
    }
}
