package io.sendport.smtp.wire;

/**
 * How the bytes travelled.
 *
 * @param relay {@code host:port} of the server
 * @param tls protocol and cipher suite; empty on a clear channel
 * @param auth the mechanism that logged us on; empty when none did
 */
public record Channel(String relay, String tls, String auth) {

    /** A connection that did not come about. */
    public static Channel none(String relay) {
        return new Channel(relay, "", "");
    }
}
