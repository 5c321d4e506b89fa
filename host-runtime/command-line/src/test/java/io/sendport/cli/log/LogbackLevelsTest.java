package io.sendport.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.sendport.host.box.control.LogLevel;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogbackLevelsTest {

    private final LoggerContext context = new LoggerContext();
    private final LogbackLevels levels = new LogbackLevels(context);

    @Test
    void restoresTheInitialLevelWhenALevelExpires() {
        context.getLogger("a.b").setLevel(Level.ERROR);
        levels.apply(Map.of("a.b", LogLevel.DEBUG, "a.c", LogLevel.OFF, "root", LogLevel.INFO));
        levels.apply(Map.of("a.b", LogLevel.TRACE));
        assertThat(context.getLogger("a.b").getLevel()).isEqualTo(Level.TRACE);
        assertThat(context.getLogger("a.c").getLevel()).isNull();
        assertThat(context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getLevel())
                .isEqualTo(Level.DEBUG);
        levels.apply(Map.of());
        assertThat(context.getLogger("a.b").getLevel()).isEqualTo(Level.ERROR);
    }
}
