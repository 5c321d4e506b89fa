package io.sendport.testing;

import java.io.IOException;
import java.net.ServerSocket;

/** For a server that can't choose a port itself. */
public final class FreePort {

    private FreePort() {}

    /** A TCP port that nobody listens at now. */
    public static int find() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
