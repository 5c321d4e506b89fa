package io.sendport.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** For a server that can't choose a port itself. */
public final class FreePort {

    /** Below those that a system hands out by itself, so that nobody who asks for any port is given this one meanwhile. */
    private static final int LOWEST = 20_000;

    private static final int HIGHEST = 32_000;
    private static final int TRIES = 100;

    private FreePort() {}

    /** A TCP port that nobody listens at now. */
    public static int find() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Somebody's; another one.
            }
        }
        throw new IOException("no port is free between " + LOWEST + " and " + HIGHEST);
    }
}
