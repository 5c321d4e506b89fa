package io.sendport.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Forwards TCP connections to a port on this machine, and can let all that are open go silent as a firewall does that forgot them: no
 * byte passes any more and nobody is told, while new connections work.
 */
final class SilentProxy implements AutoCloseable {

    private final ServerSocket listening;
    private final int target;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private volatile boolean isCutOff;
    private volatile boolean isStopped;

    SilentProxy(int target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept, "silent-proxy");
    }

    int port() {
        return listening.getLocalPort();
    }

    /** How many connections were open; none of them forwards a byte from now on. */
    int silence() {
        int open = 0;
        for (Link each : links) {
            if (!each.silent && !each.client.isClosed()) {
                open++;
            }
            each.silent = true;
        }
        return open;
    }

    /** As {@link #silence}, and new connections are silent too, until {@link #heal}. */
    void cutOff() {
        isCutOff = true;
        silence();
    }

    /** As if the server had stopped: connections end, and new ones are closed at once, until {@link #heal}. */
    void stop() {
        isStopped = true;
        links.forEach(each -> {
            close(each.client);
            close(each.server);
        });
    }

    /** New connections work again. */
    void heal() {
        isCutOff = false;
        isStopped = false;
    }

    private static final class Link {
        private final Socket client;
        private final Socket server;
        private volatile boolean silent;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        /** What one side sends after the link went silent is read and dropped, as a network does; its end is dropped as well. */
        private void forward(Socket from, Socket to) {
            byte[] buffer = new byte[16_384];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    if (!silent) {
                        out.write(buffer, 0, count);
                    }
                }
                if (!silent) {
                    to.shutdownOutput();
                }
            } catch (IOException e) {
                if (!silent) {
                    close(to);
                }
            }
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                link(listening.accept());
            } catch (IOException e) {
                return;
            }
        }
    }

    private void link(Socket client) {
        if (isStopped) {
            close(client);
            return;
        }
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            Link link = new Link(client, server);
            link.silent = isCutOff;
            links.add(link);
            daemon(() -> link.forward(client, server), "silent-proxy-to-server");
            daemon(() -> link.forward(server, client), "silent-proxy-to-client");
        } catch (IOException e) {
            // As the client would see it without a proxy between.
            close(client);
        }
    }

    private static void daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        links.forEach(each -> {
            close(each.client);
            close(each.server);
        });
    }
}
