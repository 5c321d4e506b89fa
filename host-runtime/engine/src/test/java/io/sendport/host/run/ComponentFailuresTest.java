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
    void reportsTheStackWithoutMessageContent() {
        assertThat(ComponentFailures.stack(of("component contoso.Archive", failure())))
                .contains(
                        "IllegalStateException",
                        "at " + ComponentFailuresTest.class.getName() + ".failure",
                        "caused by java.lang.NumberFormatException")
                .doesNotContain("4711");
    }

    @Test
    void reportsEachFailureOfAComponentOnce() {
        ComponentFailures failures = new ComponentFailures();
        RuntimeException one = failure();
        PipelineException a = of("component a", one);
        PipelineException b = of("component b", one);
        String stack = ComponentFailures.stack(a);
        assertThat(failures.isNew(a, stack)).isTrue();
        assertThat(failures.isNew(a, stack)).isFalse();
        assertThat(failures.isNew(b, stack)).isTrue();
        assertThat(ComponentFailures.stack(of("xslt", one)))
                .as("of the product's own")
                .isEmpty();
    }
}
