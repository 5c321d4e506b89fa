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

/**
 * Logs to standard error, a line an event, control and format characters shown so that no foreign text can forge a line. The system property
 * {@code sendport.log} sets the level of Sendport's own loggers; {@code run} logs from INFO, other commands from WARN.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {

    /** Of {@code run}: how the log is written. */
    public static final String OPTION = "--log";

    private static final String FORM = "sendport.log.form";

    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}"
            + "%visible(%replace( port=%X{port} message=%X{message} attempt=%X{attempt}){' (port|message|attempt)=(?= |$)', ''} - "
            // Logback takes a percent sign right after a bracket for text, and not after options.
            + "%msg){}%n%failure{12}";

    /** How an event is written. */
    public enum Form {
        /** For people. */
        TEXT,
        /** For programs, with the keys of the Elastic Common Schema. */
        JSON
    }

    /** Takes the form from a command line, since the log begins before the command is understood. */
    public static void heed(String... arguments) {
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
            JsonLine json = new JsonLine();
            json.setServiceName("sendport");
            json.setServiceVersion(Version.number());
            json.setContext(context);
            json.start();
            return json;
        }
        LayoutWrappingEncoder<ILoggingEvent> lines = new LayoutWrappingEncoder<>();
        lines.setContext(context);
        lines.setLayout(layout(context));
        lines.start();
        return lines;
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
        // At DEBUG camel-mail writes addresses and subjects.
        context.getLogger("org.apache.camel.component.mail").setLevel(Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** What makes a line, and more where there is an exception, of an event. */
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
