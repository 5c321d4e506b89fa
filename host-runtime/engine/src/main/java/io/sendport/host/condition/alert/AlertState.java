package io.sendport.host.condition.alert;

/** The state of a condition in {@link AlertProgress}. */
public enum AlertState {
    /** The condition exists, but has not lasted long enough for an alert. */
    PENDING,
    /** An alert about the condition was created. */
    ALERTED,
    /** An alert was created, and the condition has ended since. It has not been gone long enough for a recovery alert. */
    RECOVERING
}
