package io.sendport.bench;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a contestant is to do.
 *
 * @param port of the server on the loopback address
 * @param size bytes of a mail's text
 * @param threads that hand mails in
 * @param connections at once
 * @param recipients of a mail
 * @param more what one contestant alone knows
 */
record Terms(int port, int size, int threads, int connections, int recipients, Map<String, String> more) {

    /** Eight threads and connections, 4 KB, one recipient. */
    static Terms usual(int port) {
        return new Terms(port, 4_096, 8, 8, 1, Map.of());
    }

    Terms withSize(int other) {
        return new Terms(port, other, threads, connections, recipients, more);
    }

    Terms withConnections(int other) {
        return new Terms(port, size, Math.max(threads, other), other, recipients, more);
    }

    Terms withRecipients(int other) {
        return new Terms(port, size, threads, connections, other, more);
    }

    Terms with(String name, String value) {
        Map<String, String> all = new TreeMap<>(more);
        all.put(name, value);
        return new Terms(port, size, threads, connections, recipients, all);
    }

    /** A text of that size in lines of 76, the first of which says when it was made. */
    byte[] text() {
        byte[] text = new byte[size];
        for (int i = 0; i < size; i++) {
            text[i] = (byte) (i % 78 == 76 ? '\r' : i % 78 == 77 ? '\n' : 'a' + i % 26);
        }
        text[size - 2] = '\r';
        text[size - 1] = '\n';
        byte[] stamp = ("stamp " + System.nanoTime() + "\r\n").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(stamp, 0, text, 0, Math.min(stamp.length, size));
        return text;
    }

    /** The words of a command line. */
    String[] words() {
        StringBuilder all = new StringBuilder();
        more.forEach((name, value) -> all.append(name).append('=').append(value).append('\n'));
        return new String[] {
            String.valueOf(port),
            String.valueOf(size),
            String.valueOf(threads),
            String.valueOf(connections),
            String.valueOf(recipients),
            all.toString()
        };
    }

    static Terms of(String[] words, int from) {
        Map<String, String> more = new TreeMap<>();
        words[from + 5]
                .lines()
                .forEach(line -> more.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        return new Terms(
                Integer.parseInt(words[from]),
                Integer.parseInt(words[from + 1]),
                Integer.parseInt(words[from + 2]),
                Integer.parseInt(words[from + 3]),
                Integer.parseInt(words[from + 4]),
                more);
    }
}
