package io.sendport.smtp.wire;

/**
 * TLS and log-on of a connection.
 *
 * @param relay {@code host:port} of the server
 * @param tls protocol and cipher suite; empty without TLS
 * @param auth the mechanism of the log-on; empty without log-on
 */
public record Channel(String relay, String tls, String auth) {

    /** For a connection that could not be opened. */
    public static Channel none(String relay) {
        return new Channel(relay, "", "");
    }
}
