package io.sendport.host.box.control;

import io.sendport.api.message.MessageId;
import io.sendport.host.condition.Condition;
import java.time.Instant;
import java.util.List;

/**
 * What an instance reports about itself.
 *
 * @param conditions its conditions
 * @param steps the current steps of messages that it claimed some seconds ago
 * @param activity its recent deliveries
 */
public record Report(List<Condition> conditions, List<Step> steps, List<Activity> activity) {

    /** An empty report. */
    public static final Report NOTHING = new Report(List.of(), List.of(), List.of());

    /** Copies the lists. */
    public Report {
        conditions = List.copyOf(conditions);
        steps = List.copyOf(steps);
        activity = List.copyOf(activity);
    }

    /**
     * The current step of a claimed message.
     *
     * @param message the message
     * @param port its port
     * @param what the step, such as {@code component Archive in preAssemble} or {@code RCPT at mail.example:25}
     * @param since when the step started
     */
    public record Step(MessageId message, String port, String what, Instant since) {}

    /**
     * The recent deliveries of a port.
     *
     * @param port the port
     * @param lastMinute the number of messages in the minute before the report
     * @param lastAt when the last one was delivered
     */
    public record Activity(String port, long lastMinute, Instant lastAt) {}
}
