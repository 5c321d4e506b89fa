package io.sendport.host.run;

/** The order in which a dispatcher claims the messages of a port. */
public enum ClaimOrder {
    /** No order: any message that is due. */
    NONE,
    /** The order of submission. Later messages continue when a message has failed. */
    CONTINUE_ON_FAILURE,
    /** The order of submission. A message that has failed stops all later messages. */
    STOP_ON_FAILURE
}
