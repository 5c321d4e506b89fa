package io.sendport.cli.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.pattern.CompositeConverter;
import io.sendport.support.text.Text;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Converters for the parts of a log line that may quote untrusted text. They make control characters visible, so that none forges a line. */
final class LogLine {

    private LogLine() {}

    /** {@code %visible(...)}: the output of the nested pattern, in one line. */
    static final class Shown extends CompositeConverter<ILoggingEvent> {
        @Override
        protected String transform(ILoggingEvent event, String made) {
            return Text.visible(made);
        }
    }

    /** {@code %failure}: an exception with its causes; one line for each exception and each frame. */
    static final class Failure extends ThrowableProxyConverter {
        @Override
        protected String throwableProxyToString(IThrowableProxy failure) {
            return super.throwableProxyToString(new Quoted(failure));
        }
    }

    /** An exception whose message has its control characters made visible. */
    private record Quoted(IThrowableProxy failure) implements IThrowableProxy {

        @Override
        public @Nullable String getMessage() {
            return shown(failure.getMessage());
        }

        @Override
        public @Nullable String getOverridingMessage() {
            return shown(failure.getOverridingMessage());
        }

        private static @Nullable String shown(@Nullable String message) {
            return message == null ? null : Text.visible(message);
        }

        @Override
        public String getClassName() {
            return failure.getClassName();
        }

        @Override
        public StackTraceElementProxy[] getStackTraceElementProxyArray() {
            return failure.getStackTraceElementProxyArray();
        }

        @Override
        public int getCommonFrames() {
            return failure.getCommonFrames();
        }

        @Override
        public @Nullable IThrowableProxy getCause() {
            IThrowableProxy cause = failure.getCause();
            return cause == null ? null : new Quoted(cause);
        }

        @Override
        public IThrowableProxy[] getSuppressed() {
            return Arrays.stream(failure.getSuppressed()).map(Quoted::new).toArray(IThrowableProxy[]::new);
        }

        @Override
        public boolean isCyclic() {
            return failure.isCyclic();
        }
    }
}
