package io.sendport.host.condition.alert;

/** How far an alert has come. A condition without an alert is quiet. */
public enum AlertState {
    /** The condition is there, but not long enough for an alert. */
    PENDING,
    /** People received an alert about it. */
    ALERTED,
    /** People received an alert about it. It is gone now, but not long enough to call it over. */
    RECOVERING
}
