package io.sendport.migration.ssis;

import io.sendport.migration.report.Report;
import io.sendport.migration.report.Rule;
import io.sendport.migration.report.Todo;
import io.sendport.migration.source.Node;
import io.sendport.migration.source.SourceFile;
import io.sendport.migration.write.Macros;
import io.sendport.migration.write.Names;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The texts of one Send Mail task, as attributes of the configuration: variables become macros, and parameters become placeholders. */
final class TaskTexts {

    private static final int DEEPEST = 8;
    /** The names of properties in expressions. */
    private static final Map<String, String> EXPRESSIONS =
            Map.of("From", "FromLine", "To", "ToLine", "CC", "CCLine", "BCC", "BCCLine");

    /** The properties of a task whose names in its data differ. */
    private static final Map<String, String> IN_THE_DATA = Map.of("SmtpConnection", "SMTPServer");

    private final Project project;
    private final Report report;
    private final SourceFile file;
    private final Node task;
    private final Node data;
    private final String packageName;
    private final String path;
    private final Scope scope;
    private final String name;
    private final Set<String> macros = new LinkedHashSet<>();
    private final Map<String, Optional<String>> settings = new HashMap<>();

    /** Takes {@code task} at {@code path}, which becomes the port {@code name}; its settings are in {@code data}. */
    TaskTexts(
            SsisImport all,
            SourceFile file,
            Node task,
            Node data,
            String packageName,
            String path,
            Scope scope,
            String name) {
        this.project = all.project;
        this.report = all.report;
        this.file = file;
        this.task = task;
        this.data = data;
        this.packageName = packageName;
        this.path = path;
        this.scope = scope;
        this.name = name;
    }

    /** The macros whose values the submitter must give, in order of first use. */
    Set<String> macros() {
        return macros;
    }

    void report(Rule rule, String what, String value, String target, String message, String advice) {
        report.add(rule, file.name(), task, what, value, target, message, advice, name);
    }

    /** Requests a value in {@code <properties>}, and returns the placeholder for it. */
    String requestedValue(
            Rule rule, String what, String property, String value, String todo, String message, String advice) {
        String placeholder = "{{" + property + "}}";
        report.todo(Todo.Kind.PROPERTY, property, todo, file.name(), name);
        report(rule, what, value, placeholder, message, advice);
        return placeholder;
    }

    /** A text as written to the configuration, and whether it was a literal. */
    record Written(String attribute, boolean isLiteral) {

        /** Whether it contains something that is resolved when the configuration is read. */
        boolean hasPlaceholder() {
            return attribute.contains("{{");
        }
    }

    /** The value of a property without its expression: the configured value, or else the value in the package. */
    Optional<String> setting(String property) {
        return settings.computeIfAbsent(property, key -> {
            String inData = IN_THE_DATA.getOrDefault(property, property);
            return configured(
                            "\\" + path + ".Properties[" + EXPRESSIONS.getOrDefault(property, property) + "]", property)
                    .or(() -> Dts.property(data, inData))
                    .or(() -> data.text(inData));
        });
    }

    /** The value that a configuration file gives at {@code valuePath}, which overrides the package. */
    private Optional<String> configured(String valuePath, String what) {
        Optional<String> found = project.value(valuePath);
        found.ifPresent(value -> report(
                Rule.SSIS_OVERRIDDEN,
                what,
                Report.isSecret(what) ? "" : value,
                "",
                "a configured value overrides the package",
                ""));
        return found;
    }

    /** The text of a property. Its expression takes precedence, because the attribute holds only what the designer last saw. */
    Optional<Written> text(String property) {
        String expressed = EXPRESSIONS.getOrDefault(property, property);
        Optional<String> expression = Dts.expression(task, expressed);
        Optional<String> stored = setting(property);
        if (expression.isEmpty()) {
            return stored.map(value -> literal(value, property));
        }
        try {
            StringBuilder text = new StringBuilder();
            append(Expression.parse(expression.get()), text, 0, property);
            return Optional.of(new Written(text.toString(), false));
        } catch (Expression.ComputesException e) {
            String macro = (Dts.name(task) + "_" + property).replaceAll("[^\\p{L}\\p{Nd}_]", "_");
            macros.add(macro);
            report.todo(
                    Todo.Kind.DECISION,
                    "--set " + macro,
                    "the package computes " + expression.get() + " and passes it when it submits",
                    file.name(),
                    name);
            report(
                    Rule.SSIS_FUNCTION,
                    "expression " + expressed,
                    expression.get(),
                    "%" + macro + "%",
                    "a computed expression",
                    "the package computes the value and passes it with --set " + macro);
            return Optional.of(new Written("%" + macro + "%", false));
        }
    }

    private Written literal(String value, String property) {
        if (value.contains("{{")) {
            String placeholder = requestedValue(
                    Rule.SSIS_PLACEHOLDER,
                    property,
                    Names.property(name, property),
                    value,
                    "its value is the text " + value,
                    "its value is the text",
                    "");
            return new Written(placeholder, false);
        }
        report(Rule.SSIS_TASK, property, value, property.toLowerCase(Locale.ROOT), "", "");
        return new Written(Macros.none(value), true);
    }

    private void append(List<Expression.Piece> pieces, StringBuilder text, int depth, String property)
            throws Expression.ComputesException {
        if (depth > DEEPEST) {
            throw new Expression.ComputesException();
        }
        for (Expression.Piece each : pieces) {
            if (each instanceof Expression.Literal literal) {
                if (literal.text().contains("{{")) {
                    throw new Expression.ComputesException();
                }
                text.append(Macros.none(literal.text()));
            } else if (each instanceof Expression.Name given) {
                name(given, text, depth, property);
            }
        }
    }

    private void name(Expression.Name given, StringBuilder text, int depth, String property)
            throws Expression.ComputesException {
        if (given.namespace().startsWith("$")) {
            text.append(parameter(given));
            return;
        }
        if (given.namespace().equalsIgnoreCase("System")) {
            if (given.name().equals("PackageName") || given.name().equals("TaskName")) {
                text.append(Macros.none(given.name().equals("TaskName") ? Dts.name(task) : packageName));
                return;
            }
            macro("System_" + given.name(), property, "@[System::" + given.name() + "]", "", text);
            return;
        }
        Optional<Scope.Variable> variable = scope.find(given.namespace(), given.name());
        if (variable.isPresent() && variable.get().expression().isPresent()) {
            append(Expression.parse(variable.get().expression().get()), text, depth + 1, property);
            return;
        }
        boolean taken = scope.isAmbiguous(given.name()) || Macros.OF_A_SUBJECT.contains(given.name());
        String macro = (taken ? given.namespace() + "_" : "") + given.name();
        macro(
                macro,
                property,
                "@[" + given.namespace() + "::" + given.name() + "]",
                variable.map(each -> configured(each.path(), "variable " + each.name())
                                .orElse(each.value()))
                        .orElse(""),
                text);
    }

    private void macro(String macro, String property, String source, String value, StringBuilder text) {
        String clean = macro.replaceAll("[^\\p{L}\\p{Nd}_]", "_");
        text.append('%').append(clean).append('%');
        if (macros.add(clean)) {
            report(
                    Rule.SSIS_MACRO,
                    "expression " + property,
                    source,
                    "%" + clean + "%",
                    value.isEmpty() || Report.isSecret(clean) ? "" : "value in the package: " + value,
                    "the package passes it with --set " + clean);
        }
    }

    private String parameter(Expression.Name given) {
        Optional<Project.Parameter> found = project.parameter(given, file);
        String clean = Names.property(given.name());
        if (found.isPresent() && (found.get().sensitive() || Report.isSecret(given.name()))) {
            String variable = Names.variable(given.name());
            report.todo(Todo.Kind.ENV, variable, "the sensitive parameter " + given.name(), file.name(), name);
            report(
                    Rule.SSIS_PARAMETER_UNKNOWN,
                    "parameter " + given.name(),
                    "",
                    "{{env:" + variable + "}}",
                    "it is sensitive",
                    "");
            return "{{env:" + variable + "}}";
        }
        if (found.isPresent()
                && !found.get().value().isEmpty()
                && !found.get().value().matches("(?s).*[{}\\p{Cntrl}].*")) {
            report(
                    Rule.SSIS_PARAMETER,
                    "parameter " + given.name(),
                    found.get().value(),
                    "{{" + clean + ":...}}",
                    "an environment in SSISDB may override it",
                    "");
            return "{{" + clean + ":" + Macros.none(found.get().value()) + "}}";
        }
        return requestedValue(
                Rule.SSIS_PARAMETER_UNKNOWN,
                "parameter " + given.name(),
                clean,
                "",
                found.map(each -> "its value is the text " + each.value())
                        .orElse("the value of parameter " + given.name() + "; give Project.params, or set it"),
                "its value is not in the files",
                "give Project.params");
    }
}
