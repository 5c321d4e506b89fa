package io.sendport.host.run;

/** The order in which a dispatcher claims a port's messages. */
public enum ClaimOrder {
    /** Any message that is due. */
    NONE,
    /** In the order of submission; later messages pass one that failed. */
    PASSING,
    /** In the order of submission; one that failed stops all later messages. */
    STOPPING
}
