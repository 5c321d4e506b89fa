package io.sendport.host.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.host.pipeline.PipelineException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComponentFailuresTest {

    private static PipelineException of(String component, Throwable cause) {
        return new PipelineException("Own", "preAssemble", component, cause, List.of());
    }

    private static RuntimeException failure() {
        return new IllegalStateException("account 4711 of Ann", new NumberFormatException("4711"));
    }

    @Test
    void areToldWithTheirStackAndWithoutTheContent() {
        String stack = new ComponentFailures()
                .stack(of("component contoso.Archive", failure()))
                .orElseThrow();
        assertThat(stack)
                .contains(
                        "IllegalStateException",
                        "at " + ComponentFailuresTest.class.getName() + ".failure",
                        "caused by java.lang.NumberFormatException")
                .doesNotContain("4711");
    }

    @Test
    void areToldOnceForEachCause() {
        ComponentFailures failures = new ComponentFailures();
        RuntimeException one = failure();
        assertThat(failures.stack(of("component a", one))).isPresent();
        assertThat(failures.stack(of("component a", one))).isEmpty();
        assertThat(failures.stack(of("component b", one))).isPresent();
        assertThat(failures.stack(of("xslt", one))).as("of the product's own").isEmpty();
    }
}
