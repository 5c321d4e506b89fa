package io.sendport.smtp.doctor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Finds which of the usual TCP ports for mail accept a connection. Checks all of them in parallel. */
final class TcpPortScan {

    private static final Set<Integer> MAIL = Set.of(25, 465, 587, 2525, 443);
    private static final int TIMEOUT_MILLIS = 5_000;

    /** The result of a connection attempt. */
    enum State {
        /** A server listens. */
        OPEN("open"),
        /** The machine answers, but no server listens. */
        REFUSED("refused: no server listens there"),
        /** No answer within the timeout. */
        SILENT("no answer within 5 s"),
        /** The network reports the server as unreachable. */
        UNREACHABLE("not reachable from here");

        private final String description;

        State(String description) {
            this.description = description;
        }

        String description() {
            return description;
        }
    }

    private final String host;

    TcpPortScan(String host) {
        this.host = host;
    }

    /** Checks the usual TCP ports and {@code own}. Returns their states in ascending order. */
    Map<Integer, State> scan(int own) {
        Set<Integer> ports = new TreeSet<>(MAIL);
        ports.add(own);
        Map<Integer, State> states = new ConcurrentHashMap<>();
        Set<Thread> probes = ConcurrentHashMap.newKeySet();
        for (int port : ports) {
            Thread probe = new Thread(() -> states.put(port, probe(port)), "sendport-doctor-" + port);
            probe.setDaemon(true);
            probe.start();
            probes.add(probe);
        }
        for (Thread probe : probes) {
            try {
                probe.join(TIMEOUT_MILLIS + 1_000L);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        ports.forEach(port -> states.putIfAbsent(port, State.SILENT));
        return new TreeMap<>(states);
    }

    private State probe(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
            return State.OPEN;
        } catch (SocketTimeoutException e) {
            return State.SILENT;
        } catch (ConnectException e) {
            return String.valueOf(e.getMessage()).contains("refused") ? State.REFUSED : State.UNREACHABLE;
        } catch (IOException e) {
            return State.UNREACHABLE;
        }
    }
}
