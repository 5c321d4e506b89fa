package io.sendport.config.read;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.config.Configuration;
import io.sendport.support.text.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The result of reading a configuration.
 *
 * @param configuration the configuration, as far as it could be understood; empty when a file is missing or malformed
 * @param problems all problems, in the order of the files, without values that come from outside the configuration
 * @param masks what to show in place of such a value
 * @param elements the elements directly under {@code <sendport>}, in all files
 * @param files the configuration files that were found, the main one first; empty for a configuration that a program built
 */
public record Reading(
        Optional<Configuration> configuration,
        List<Problem> problems,
        Map<String, String> masks,
        List<Settings> elements,
        List<Path> files) {

    private static final int LONG = 8;

    /** Masks the problems. */
    public Reading {
        masks = Map.copyOf(masks);
        elements = List.copyOf(elements);
        files = List.copyOf(files);
        problems = masked(problems, masks);
    }

    /** Whether any problem prevents it from being run. */
    public boolean hasErrors() {
        return !errors().isEmpty();
    }

    /** The problems that prevent it from being run. */
    public List<Problem> errors() {
        return problems.stream().filter(Problem::isError).toList();
    }

    /** The ports that {@code errors} concern, with the first error of each; empty when one of the errors concerns everything. */
    public Optional<Map<String, String>> portsConcerned(List<Problem> errors) {
        return configuration.isEmpty() ? Optional.empty() : new AffectedPorts(elements).of(errors);
    }

    /** These problems, in which placeholders replace the values from outside the configuration. */
    public List<Problem> masked(List<Problem> found) {
        return masked(found, masks);
    }

    private static List<Problem> masked(List<Problem> found, Map<String, String> masks) {
        return found.stream()
                .map(problem -> new Problem(
                        problem.severity(),
                        problem.origin(),
                        problem.where(),
                        masked(problem.message(), masks),
                        masked(problem.advice(), masks)))
                .toList();
    }

    static String masked(String text, Map<String, String> masks) {
        String masked = text;
        for (Map.Entry<String, String> mask : masks.entrySet()) {
            masked = masked(masked, mask.getKey(), mask.getValue());
            // The value in the form in which problems quote it.
            masked = masked(masked, Text.visible(mask.getKey()), mask.getValue());
        }
        return masked;
    }

    private static String masked(String text, String value, String shown) {
        // A short value is replaced only as a whole word: "test" must not change "latest".
        return value.length() >= LONG
                ? text.replace(value, shown)
                : Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(value) + "(?![\\p{L}\\p{N}])")
                        .matcher(text)
                        .replaceAll(Matcher.quoteReplacement(shown));
    }

    @Override
    public String toString() {
        return "Reading[" + problems + "]";
    }
}
