package io.sendport.spring;

import io.sendport.api.outcome.OutcomeEvent;
import io.sendport.api.outcome.OutcomePage;
import io.sendport.api.outcome.OutcomePosition;
import io.sendport.api.outcome.OutcomeSource;
import io.sendport.api.submit.NotNowException;
import io.sendport.support.DaemonTimer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ReflectionUtils;

/** Finds the methods with {@link SendportListener} and passes outcomes to them, with one thread for each method. */
final class OutcomeListeners implements BeanPostProcessor, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeListeners.class);
    private static final long POLL_MILLIS = 1_000;
    private static final long STOP_SECONDS = 30;
    private static final int FAILURES_TO_REPORT = 60;

    private final ObjectProvider<OutcomeSource> source;
    private final ObjectProvider<OutcomePositions> positions;
    private final List<Listener> listeners = new ArrayList<>();
    private final Set<String> readers = new HashSet<>();
    private final List<ScheduledExecutorService> threads = new ArrayList<>();
    private final List<ScheduledFuture<?>> polls = new ArrayList<>();
    private volatile boolean isRunning;

    OutcomeListeners(ObjectProvider<OutcomeSource> source, ObjectProvider<OutcomePositions> positions) {
        this.source = source;
        this.positions = positions;
    }

    private record Listener(String reader, Object bean, Method method) {}

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        MethodIntrospector.selectMethods(
                        AopUtils.getTargetClass(bean), (MethodIntrospector.MetadataLookup<SendportListener>)
                                method -> AnnotatedElementUtils.findMergedAnnotation(method, SendportListener.class))
                .forEach((method, annotation) -> add(listener(bean, name, method, annotation)));
        return bean;
    }

    /** Refuses names that differ only in case or punctuation, because they would share a file of {@link PositionsInFolder}. */
    private void add(Listener listener) {
        if (!readers.add(listener.reader().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_"))) {
            throw new IllegalStateException("cannot start: " + listener.method()
                    + " and another @SendportListener method have the same reader \""
                    + listener.reader()
                    + "\" (case and punctuation are ignored), so each event would reach only one of them."
                    + " Give each a different reader");
        }
        listeners.add(listener);
    }

    private static Listener listener(Object bean, String name, Method method, SendportListener annotation) {
        if (method.getParameterCount() != 1 || method.getParameterTypes()[0] != OutcomeEvent.class) {
            throw new IllegalStateException(
                    "@SendportListener " + method + " needs exactly one parameter, an OutcomeEvent");
        }
        Method invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
        ReflectionUtils.makeAccessible(invocable);
        String reader = annotation.reader().isEmpty() ? name + "." + method.getName() : annotation.reader();
        return new Listener(reader, bean, invocable);
    }

    @Override
    public synchronized void start() {
        isRunning = true;
        for (Listener each : listeners) {
            OutcomePositions kept = positions.getIfAvailable(() -> {
                throw new IllegalStateException("@SendportListener " + each.reader()
                        + " has no store for its position. Set sendport.outcomes.folder, or add a DataSource and"
                        + " spring-jdbc to the application");
            });
            Reading reading = new Reading(each, source.getObject(), kept);
            ScheduledExecutorService thread = DaemonTimer.named("sendport-outcomes-" + each.reader());
            polls.add(thread.scheduleWithFixedDelay(reading::poll, 0, POLL_MILLIS, TimeUnit.MILLISECONDS));
            threads.add(thread);
        }
    }

    @Override
    public synchronized void stop() {
        isRunning = false;
        polls.forEach(each -> each.cancel(false));
        polls.clear();
        threads.forEach(ScheduledExecutorService::shutdown);
        try {
            for (ScheduledExecutorService each : threads) {
                if (!each.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                    each.shutdownNow();
                }
            }
        } catch (InterruptedException e) {
            threads.forEach(ScheduledExecutorService::shutdownNow);
            Thread.currentThread().interrupt();
        }
        threads.clear();
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    /** Stops before {@link SendportHost}, which supplies the outcomes. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 2048;
    }

    private final class Reading {
        private final Listener listener;
        private final OutcomeSource outcomes;
        private final OutcomePositions kept;
        private String failing = "";
        private int failures;

        Reading(Listener listener, OutcomeSource outcomes, OutcomePositions kept) {
            this.listener = listener;
            this.outcomes = outcomes;
            this.kept = kept;
        }

        void poll() {
            try {
                boolean hasMore = true;
                while (hasMore && isRunning) {
                    hasMore = readPage();
                }
                failing = "";
                failures = 0;
            } catch (NotNowException e) {
                failures++;
                if (failures == FAILURES_TO_REPORT) {
                    LOG.warn(
                            "Listener {} has not been able to read outcomes for a minute. Sendport retries every second."
                                    + " Cause: {}",
                            listener.reader(),
                            e.getMessage());
                }
            } catch (RuntimeException | LinkageError | StackOverflowError e) {
                // An uncaught error would silently end the scheduled task.
                report(e);
            }
        }

        /** Handles one page, and returns whether to read the next one immediately. */
        private boolean readPage() {
            OutcomePosition at = kept.read(listener.reader());
            OutcomePage page = outcomes.outcomes(at);
            for (OutcomeEvent each : page.events()) {
                if (!isRunning || !kept.advance(listener.reader(), at, each.position(), () -> invoke(each))) {
                    return false;
                }
                at = each.position();
            }
            boolean isAtEnd = at.equals(page.next()) || kept.advance(listener.reader(), at, page.next(), () -> {});
            return isAtEnd && page.hasMore();
        }

        private void invoke(OutcomeEvent event) {
            try {
                listener.method().invoke(listener.bean(), event);
            } catch (InvocationTargetException e) {
                throw new IllegalStateException("cannot handle " + event, e.getCause());
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("cannot call " + listener.method(), e);
            }
        }

        /** Logs each cause once, because a failing event is retried every second. */
        private void report(Throwable e) {
            String text = String.valueOf(e.getMessage());
            if (!text.equals(failing)) {
                LOG.error(
                        "Listener {} failed: {}. Sendport calls it again every second, and later outcomes wait until it succeeds."
                                + " Correct the cause that the stack trace shows",
                        listener.reader(),
                        text,
                        e);
            }
            failing = text;
        }
    }
}
