package io.sendport.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Sends the scripted replies of a {@link ScriptedServer} on one connection. Not thread-safe. */
final class ReplyWriter {

    private static final int SLOW_MILLIS = 300;
    private static final int DRIP_MILLIS = 20;
    private static final int GARBAGE_BYTES = 400;

    private final Socket accepted;
    private final Socket current;
    private final Reader in;
    private final OutputStream out;
    private final CountDownLatch ended;

    ReplyWriter(Socket accepted, Socket current, Reader in, OutputStream out, CountDownLatch ended) {
        this.accepted = accepted;
        this.current = current;
        this.in = in;
        this.out = out;
        this.ended = ended;
    }

    /** Sends the reply, and returns whether the session continues. */
    boolean send(String answer) throws IOException {
        switch (answer.split(" ", 2)[0]) {
            case "CLOSE" -> {
                out.flush();
                current.close();
            }
            case "CUT" -> {
                out.write(answer.substring(4).getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                current.close();
            }
            case "RESET" -> {
                out.flush();
                accepted.setSoLinger(true, 0);
                accepted.close();
            }
            case "HALF" -> {
                out.flush();
                accepted.shutdownOutput();
                in.transferTo(Writer.nullWriter());
            }
            case "HANG" -> pause(Integer.MAX_VALUE);
            case "HOLD" -> {
                endsWithin(Integer.MAX_VALUE);
                out.write(bytes(answer.substring(5)));
                return true;
            }
            case "ENDLESS" -> {
                while (true) {
                    out.write("250-and more\r\n".repeat(100).getBytes(StandardCharsets.US_ASCII));
                }
            }
            case "GARBAGE" -> {
                byte[] noise = new byte[GARBAGE_BYTES];
                new Random(answer.length()).nextBytes(noise);
                out.write(noise);
                out.write(new byte[] {'\r', '\n'});
                return true;
            }
            case "SLOW" -> {
                pause(SLOW_MILLIS);
                out.write(bytes(answer.substring(5)));
                return true;
            }
            case "DRIP" -> {
                for (byte each : bytes(answer.substring(5))) {
                    out.write(each);
                    pause(DRIP_MILLIS);
                }
                return true;
            }
            default -> {
                out.write(bytes(answer));
                return true;
            }
        }
        return false;
    }

    static byte[] bytes(String answer) {
        return (answer + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private void pause(int millis) throws IOException {
        if (endsWithin(millis)) {
            current.close();
        }
    }

    /** Waits, and returns whether the server was released or ended within this time. Sends pending replies first. */
    private boolean endsWithin(int millis) throws IOException {
        out.flush();
        try {
            return ended.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
