package io.sendport.host.run;

/** In which order a dispatcher claims a port's messages. */
public enum ClaimOrder {
    /** Whichever is due. */
    NONE,
    /** As submitted; one that failed is passed. */
    PASSING,
    /** As submitted; one that failed stops all behind it. */
    STOPPING
}
