package io.sendport.component.dkim;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A small DNS server over UDP and TCP that knows TXT records and aliases. Other names do not exist. */
public final class DnsResponder implements AutoCloseable {

    private static final int TXT = 16;
    private static final int CNAME = 5;
    private static final int MAX_DATAGRAM = 512;
    private static final int SERVER_FAILURE = 2;
    private static final int NO_SUCH_NAME = 3;

    private final DatagramSocket datagrams;
    private final ServerSocket streams;
    private final Map<String, List<String>> texts = new ConcurrentHashMap<>();
    private final Map<String, String> aliases = new ConcurrentHashMap<>();
    /** How many questions came. */
    public final AtomicInteger asked = new AtomicInteger();
    /** Whether each question is answered with a failure of the server. */
    public volatile boolean fails;

    public DnsResponder() throws IOException {
        DatagramSocket udp = null;
        ServerSocket tcp = null;
        while (tcp == null) {
            udp = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            try {
                tcp = new ServerSocket(udp.getLocalPort(), 5, InetAddress.getLoopbackAddress());
            } catch (BindException e) {
                udp.close();
            }
        }
        datagrams = udp;
        streams = tcp;
        start(this::answerDatagrams);
        start(this::answerStreams);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "dns-responder");
        thread.setDaemon(true);
        thread.start();
    }

    /** As {@code HOST:PORT}. */
    public String address() {
        return "127.0.0.1:" + datagrams.getLocalPort();
    }

    /** Publishes TXT records under {@code name}, in place of those before. */
    public void publish(String name, String... records) {
        texts.put(name, List.of(records));
    }

    public void alias(String name, String target) {
        aliases.put(name, target);
    }

    private void answerDatagrams() {
        byte[] buffer = new byte[4096];
        while (!datagrams.isClosed()) {
            try {
                DatagramPacket question = new DatagramPacket(buffer, buffer.length);
                datagrams.receive(question);
                byte[] answer = answer(buffer);
                if (answer.length > MAX_DATAGRAM) {
                    answer = java.util.Arrays.copyOf(answer, MAX_DATAGRAM);
                    answer[2] |= 2; // truncated
                }
                datagrams.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
            } catch (IOException e) {
                // Closed, or the other side went away.
            }
        }
    }

    private void answerStreams() {
        while (!streams.isClosed()) {
            try (Socket socket = streams.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] question = new byte[in.readUnsignedShort()];
                in.readFully(question);
                byte[] answer = answer(question);
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(answer.length);
                out.write(answer);
                out.flush();
            } catch (IOException e) {
                // Closed, or the other side went away.
            }
        }
    }

    /** RFC 1035 section 4.1. */
    private byte[] answer(byte[] question) throws IOException {
        asked.incrementAndGet();
        StringBuilder name = new StringBuilder();
        int at = 12;
        while (question[at] != 0) {
            name.append(new String(question, at + 1, question[at], StandardCharsets.US_ASCII))
                    .append('.');
            at += question[at] + 1;
        }
        at += 5; // the empty label, type and class
        String asked = name.substring(0, name.length() - 1).toLowerCase(Locale.ROOT);
        String target = aliases.getOrDefault(asked, asked);
        List<String> records = texts.getOrDefault(target, List.of());
        boolean known = texts.containsKey(target);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(question, 0, 2);
        out.writeShort(0x8580 | (fails ? SERVER_FAILURE : known ? 0 : NO_SUCH_NAME));
        out.writeShort(1);
        out.writeShort(records.size() + (target.equals(asked) ? 0 : 1));
        out.writeInt(0);
        out.write(question, 12, at - 12);
        if (!target.equals(asked)) {
            ByteArrayOutputStream labels = new ByteArrayOutputStream();
            writeName(target, labels);
            writeRecord(asked, CNAME, labels.toByteArray(), out);
        }
        for (String record : records) {
            writeRecord(target, TXT, strings(record), out);
        }
        return bytes.toByteArray();
    }

    private static void writeRecord(String name, int type, byte[] data, DataOutputStream out) throws IOException {
        ByteArrayOutputStream labels = new ByteArrayOutputStream();
        writeName(name, labels);
        out.write(labels.toByteArray());
        out.writeShort(type);
        out.writeShort(1);
        out.writeInt(60);
        out.writeShort(data.length);
        out.write(data);
    }

    private static void writeName(String name, ByteArrayOutputStream out) {
        for (String label : name.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
    }

    /** A long text is several strings of at most 255 bytes. */
    private static byte[] strings(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        for (int from = 0; from == 0 || from < bytes.length; from += 255) {
            int length = Math.min(255, bytes.length - from);
            out.write(length);
            out.write(bytes, from, length);
        }
        return out.toByteArray();
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        streams.close();
    }
}
