package io.sendport.config;

import io.sendport.api.settings.Problem;
import java.util.List;
import java.util.Optional;

/**
 * What came of reading a configuration.
 *
 * @param configuration the configuration, as far as it could be understood; empty when a file is missing or malformed
 * @param problems everything found, in the order of the files
 */
public record Reading(Optional<Configuration> configuration, List<Problem> problems) {

    /** Whether anything stops it from being run. */
    public boolean hasErrors() {
        return problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
    }
}
