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

/** How a {@link ScriptedServer} answers on one channel, well or badly. For one thread. */
final class ScriptedVoice {

    private static final int SLOW_MILLIS = 300;
    private static final int DRIP_MILLIS = 20;
    private static final int GARBAGE_BYTES = 400;

    private final Socket accepted;
    private final Socket channel;
    private final Reader in;
    private final OutputStream out;
    private final CountDownLatch ended;

    ScriptedVoice(Socket accepted, Socket channel, Reader in, OutputStream out, CountDownLatch ended) {
        this.accepted = accepted;
        this.channel = channel;
        this.in = in;
        this.out = out;
        this.ended = ended;
    }

    /** Gives the answer; whether the conversation goes on. */
    boolean say(String answer) throws IOException {
        switch (answer.split(" ", 2)[0]) {
            case "CLOSE" -> {
                out.flush();
                channel.close();
            }
            case "CUT" -> {
                out.write(answer.substring(4).getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                channel.close();
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
                ends(Integer.MAX_VALUE);
                out.write(bytes(answer.substring(5)));
                return true;
            }
            case "ENDLESS" -> {
                while (true) {
                    out.write("250-and on\r\n".repeat(100).getBytes(StandardCharsets.US_ASCII));
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
        if (ends(millis)) {
            channel.close();
        }
    }

    /** Whether the server was released, or ended, before the time was over. What is owed goes out first. */
    private boolean ends(int millis) throws IOException {
        out.flush();
        try {
            return ended.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
