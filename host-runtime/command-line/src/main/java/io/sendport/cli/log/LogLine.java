package io.sendport.cli.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.pattern.CompositeConverter;
import io.sendport.support.text.Text;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The parts of a log line that may quote foreign text, shown so that they forge no other line. */
final class LogLine {

    private LogLine() {}

    /** {@code %visible(...)}: what the pattern in it makes, in one line. */
    static final class Shown extends CompositeConverter<ILoggingEvent> {
        @Override
        protected String transform(ILoggingEvent event, String made) {
            return Text.visible(made);
        }
    }

    /** {@code %failure}: an exception with its causes, a line each and one for each frame. */
    static final class Failure extends ThrowableProxyConverter {
        @Override
        protected String throwableProxyToString(IThrowableProxy failure) {
            return super.throwableProxyToString(new Quoted(failure));
        }
    }

    /** An exception whose message is shown. */
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
