package io.sendport.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.sendport.cli.output.Version;
import java.util.List;

/**
 * Logs to standard error, one line for each event. Control and format characters are made visible, so that untrusted text cannot forge a
 * line. The system property {@code sendport.log} sets the level of Sendport's loggers: INFO for {@code run}, WARN for other commands.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {

    /** The option of {@code run} that selects the log format. */
    public static final String OPTION = "--log";

    private static final String FORM = "sendport.log.form";

    private static final List<String> SENSITIVE = List.of("org.apache.camel.component.mail");

    /** Write a stack trace for each connection that a database closes, after which Sendport logs the failure itself. */
    private static final List<String> REPEATED =
            List.of("com.zaxxer.hikari.pool.ProxyConnection", "com.zaxxer.hikari.pool.PoolBase");

    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}"
            + "%visible(%replace( port=%X{port} message=%X{message} attempt=%X{attempt}){' (port|message|attempt)=(?= |$)', ''} - "
            // Logback reads a percent sign directly after a bracket as text. After options, it does not.
            + "%msg){}%n%failure{12}";

    /** The log format. */
    public enum Form {
        /** Text for people. */
        TEXT,
        /** JSON for programs, with the keys of the Elastic Common Schema. */
        JSON
    }

    /** Reads the log format from the command line, since logging starts before picocli parses the command. */
    public static void readFormat(String... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            String value = arguments[i].startsWith(OPTION + "=")
                    ? arguments[i].substring(OPTION.length() + 1)
                    : arguments[i].equals(OPTION) && i + 1 < arguments.length ? arguments[i + 1] : "";
            if (value.equalsIgnoreCase(Form.JSON.name())) {
                System.setProperty(FORM, Form.JSON.name());
            }
        }
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context) {
        if (Form.JSON.name().equals(System.getProperty(FORM))) {
            return json(context);
        }
        LayoutWrappingEncoder<ILoggingEvent> lines = new LayoutWrappingEncoder<>();
        lines.setContext(context);
        lines.setLayout(layout(context));
        lines.start();
        return lines;
    }

    /** The JSON format. */
    static JsonLine json(LoggerContext context) {
        JsonLine json = new JsonLine();
        json.setServiceName("sendport");
        json.setServiceVersion(Version.number());
        json.setContext(context);
        json.start();
        return json;
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Encoder<ILoggingEvent> encoder = encoder(context);
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("stderr");
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(console);
        context.getLogger("io.sendport")
                .setLevel(Level.toLevel(System.getProperty("sendport.log", "WARN"), Level.WARN));
        limitSensitiveLoggers(context);
        REPEATED.forEach(each -> context.getLogger(each).setLevel(Level.ERROR));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Keeps loggers quiet that write addresses, subjects or log-ons at DEBUG, whatever level the root logger gets. */
    public static void limitSensitiveLoggers(LoggerContext context) {
        for (String each : SENSITIVE) {
            context.getLogger(each).setLevel(Level.WARN);
        }
    }

    /** The layout: one line for each event, and more lines for an exception. */
    static PatternLayout layout(LoggerContext context) {
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        layout.getInstanceConverterMap().put("visible", LogLine.Shown::new);
        layout.getInstanceConverterMap().put("failure", LogLine.Failure::new);
        layout.setPattern(PATTERN);
        layout.start();
        return layout;
    }
}
