package io.sendport.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogConfiguratorTest {

    private static String line(Map<String, String> mdc, String message, @Nullable Throwable failure) {
        LoggerContext context = new LoggerContext();
        LoggingEvent event = new LoggingEvent(
                "", context.getLogger("io.sendport.host.run.PortWork"), Level.WARN, message, failure, new Object[0]);
        event.setMDCPropertyMap(mdc);
        return LogConfigurator.layout(context).doLayout(event);
    }

    @Test
    void writesOneLineForEachEvent() {
        assertThat(line(Map.of(), "suspended", null)).matches("\\S+ WARN  PortWork - suspended\\R");
        assertThat(line(Map.of("port", "P", "message", "m1"), "suspended", null))
                .matches("\\S+ WARN  PortWork port=P message=m1 - suspended\\R");
    }

    @Test
    void foreignTextCannotForgeALine() {
        assertThat(line(Map.of(), "no file a\nERROR b\u202E\u001B[2J", null))
                .matches("\\S+ WARN  PortWork - no file a\\\\u000AERROR b\\\\u202E\\\\u001B\\[2J\\R");
    }

    @Test
    void writesAnExceptionOnSeparateLines() {
        assertThat(line(Map.of(), "failed", new IllegalStateException("a\nb"))
                        .lines()
                        .toList())
                .hasSizeGreaterThan(2)
                .satisfies(lines -> assertThat(lines.get(1)).isEqualTo("java.lang.IllegalStateException: a\\u000Ab"));
    }
}
