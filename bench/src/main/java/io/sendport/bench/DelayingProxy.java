package io.sendport.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A server as far away as one likes: what goes through arrives half a round trip later, however much is under way. */
final class DelayingProxy implements AutoCloseable {

    private final ServerSocket door = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    private final int port;
    private final long halfNanos;

    /** To the server at {@code port}, {@code millis} there and back. */
    DelayingProxy(int port, int millis) throws IOException {
        this.port = port;
        this.halfNanos = millis * 500_000L;
        daemon(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    private record Chunk(byte[] bytes, long due) {}

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                pump(client, server);
                pump(server, client);
            } catch (IOException e) {
                return;
            }
        }
    }

    private void pump(Socket from, Socket to) {
        BlockingQueue<Chunk> underWay = new LinkedBlockingQueue<>(10_000);
        daemon(() -> {
            try {
                InputStream in = from.getInputStream();
                byte[] buffer = new byte[64 * 1024];
                for (int read; (read = in.read(buffer)) >= 0; ) {
                    underWay.put(new Chunk(Arrays.copyOf(buffer, read), System.nanoTime() + halfNanos));
                }
                underWay.put(new Chunk(new byte[0], System.nanoTime() + halfNanos));
            } catch (IOException | InterruptedException e) {
                end(from, to);
            }
        });
        daemon(() -> {
            try {
                OutputStream out = to.getOutputStream();
                for (Chunk chunk = underWay.take(); chunk.bytes().length > 0; chunk = underWay.take()) {
                    long wait = chunk.due() - System.nanoTime();
                    if (wait > 0) {
                        Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
                    }
                    out.write(chunk.bytes());
                }
                end(from, to);
            } catch (IOException | InterruptedException e) {
                end(from, to);
            }
        });
    }

    private static void end(Socket one, Socket other) {
        try (one;
                other) {
            one.shutdownInput();
        } catch (IOException e) {
            // Closed already.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "delay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
