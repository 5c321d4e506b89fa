package io.sendport.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A port of this machine where nobody listens: whoever connects is refused, and nobody else gets it while it is open. */
public final class NobodysPort implements AutoCloseable {

    /** Bound, which keeps others away, and not listening. */
    private final Socket bound = new Socket();

    public NobodysPort() throws IOException {
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    public int number() {
        return bound.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        bound.close();
    }
}
