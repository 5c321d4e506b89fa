package io.sendport.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.sendport.host.box.control.LogLevel;
import io.sendport.host.observe.LogControl;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Sets the levels of Logback's loggers. */
public final class LogbackLevels implements LogControl {

    private final LoggerContext context;
    private final Map<String, Optional<Level>> before = new HashMap<>();

    /** Sets the levels of this process. */
    public LogbackLevels() {
        this((LoggerContext) LoggerFactory.getILoggerFactory());
    }

    LogbackLevels(LoggerContext context) {
        this.context = context;
    }

    @Override
    public synchronized void apply(Map<String, LogLevel> levels) {
        before.entrySet().removeIf(each -> {
            boolean lapsed = !levels.containsKey(each.getKey());
            if (lapsed) {
                logger(each.getKey()).setLevel(each.getValue().orElse(null));
            }
            return lapsed;
        });
        levels.forEach((name, level) -> {
            Logger logger = logger(name);
            before.putIfAbsent(name, Optional.ofNullable(logger.getLevel()));
            logger.setLevel(Level.valueOf(level.name()));
        });
    }

    private Logger logger(String name) {
        return context.getLogger(name.equals(ROOT) ? org.slf4j.Logger.ROOT_LOGGER_NAME : name);
    }
}
