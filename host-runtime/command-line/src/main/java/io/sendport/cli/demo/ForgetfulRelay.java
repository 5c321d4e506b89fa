package io.sendport.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A relay that receives a mail and closes the connection without a reply, which leaves the message in doubt. */
final class ForgetfulRelay implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());

    ForgetfulRelay() throws IOException {
        Thread thread = new Thread(this::serve, "demo-forgetful-relay");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                client.setSoTimeout(PATIENCE_MILLIS);
                talk(client);
            } catch (IOException e) {
                // The client has disconnected, or the demo has stopped.
            }
        }
    }

    private static void talk(Socket client) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
        say(client, "220 relay.demo");
        boolean isContent = false;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (isContent) {
                if (line.equals(".")) {
                    return;
                }
            } else if (line.equalsIgnoreCase("DATA")) {
                isContent = true;
                say(client, "354 go on");
            } else {
                say(client, "250 relay.demo");
            }
        }
    }

    private static void say(Socket client, String line) throws IOException {
        client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
