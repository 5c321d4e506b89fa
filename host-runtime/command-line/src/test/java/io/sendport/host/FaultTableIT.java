package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.testing.InTurn;
import io.sendport.testing.NobodysPort;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks the table of docs/relay-replies.md: a port for each cell, and a server that does what its column says in the phase of its row. */
@InTurn
class FaultTableIT {

    private static final Path TABLE = Path.of("../../docs/relay-replies.md");
    /** More than the network holds for a server that does not read. */
    private static final int LARGE = 16 * 1024 * 1024;

    /** For what never comes: all who wait for it wait side by side. */
    private static final Duration IN_VAIN = Duration.ofSeconds(5);

    private static final Map<String, String> ANSWERS = Map.of(
            "4xx", "451 4.3.0 later",
            "5xx", "554 5.7.1 no",
            "noise", "GARBAGE",
            "silence", "HANG",
            "reset", "RESET",
            "half-close", "HALF");

    @TempDir
    private Path folder;

    /** The steps of an SMTP dialogue, as the table and the ledger name them. */
    private enum Phase {
        CONNECT,
        GREETING,
        EHLO,
        STARTTLS,
        AUTH,
        MAIL,
        RCPT,
        DATA,
        CONTENT,
        FINAL_REPLY,
        QUIT
    }

    private record Cell(Phase phase, String fault, String outcome) {
        String port() {
            return phase + "-" + fault;
        }
    }

    private static List<Cell> cells() throws IOException {
        List<String> faults = new ArrayList<>();
        List<Cell> cells = new ArrayList<>();
        for (String line : Files.readAllLines(TABLE)) {
            String[] columns =
                    Stream.of(line.split("\\|")).skip(1).map(String::strip).toArray(String[]::new);
            if (line.startsWith("| phase |")) {
                faults.addAll(List.of(columns).subList(1, columns.length));
            } else if (!faults.isEmpty() && line.startsWith("| `")) {
                for (int i = 1; i < columns.length; i++) {
                    if (!columns[i].equals("–")) {
                        cells.add(new Cell(Phase.valueOf(columns[0].replace("`", "")), faults.get(i - 1), columns[i]));
                    }
                }
            } else if (!cells.isEmpty()) {
                break;
            }
        }
        return cells;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Timeout(300)
    void handlesEveryFaultAsTheTableSpecifies(boolean pipelining) throws Exception {
        List<Cell> cells = cells();
        assertThat(cells).hasSize(61);
        Map<Cell, ScriptedServer> servers = new LinkedHashMap<>();
        try (NobodysPort nobody = new NobodysPort()) {
            StringBuilder ports = new StringBuilder();
            for (Cell cell : cells) {
                ScriptedServer server = server(cell, pipelining);
                servers.put(cell, server);
                ports.append(port(cell, cell.phase() == Phase.CONNECT ? nobody.number() : server.port()));
            }
            try (RunningHost host = RunningHost.start(
                    folder,
                    "<messageBox url=\"jdbc:sqlite:box.db\"/><host name=\"H\"><retry count=\"3\" interval=\"PT1H\"/></host>"
                            + ports)) {
                Map<Cell, MessageId> sent = new LinkedHashMap<>();
                for (Cell cell : cells) {
                    sent.put(cell, host.submit(cell.port(), body(cell)));
                }
                SoftAssertions softly = new SoftAssertions();
                for (Cell cell : cells) {
                    check(softly, host, cell, sent.get(cell));
                }
                softly.assertAll();
            }
        } finally {
            for (ScriptedServer each : servers.values()) {
                each.close();
            }
        }
    }

    private static ScriptedServer server(Cell cell, boolean pipelining) throws IOException {
        ScriptedServer server = new ScriptedServer();
        String offers = "250-test\r\n" + (pipelining ? "250-PIPELINING\r\n" : "")
                + (cell.phase() == Phase.STARTTLS ? "250-STARTTLS\r\n" : "") + "250 AUTH PLAIN";
        String command =
                cell.phase() == Phase.FINAL_REPLY ? "DOT" : cell.phase().name();
        return server.offering(offers).on(command, ANSWERS.getOrDefault(cell.fault(), ""));
    }

    private static String port(Cell cell, int port) {
        String tls = cell.phase() == Phase.STARTTLS ? "required" : "none";
        String account = cell.phase() == Phase.AUTH
                ? " auth='basic' user='" + cell.fault() + "' password='secret' allowClearText='true'"
                : "";
        Duration limit = cell.fault().equals("silence") ? IN_VAIN : Patience.LIMIT;
        return """
                <sendPort name='%s' host='H'>
                  <smtp host='127.0.0.1' port='%d' tls='%s'%s connectTimeout='%5$s' readTimeout='%5$s'
                        writeTimeout='%5$s' finalReplyTimeout='%5$s' messagesPerConnection='1'/>
                  <mail from='a@corp.example' to='b@customer.example'/>
                </sendPort>
                """.formatted(cell.port(), port, tls, account, limit);
    }

    private static Body body(Cell cell) {
        String line = "what is sent\r\n";
        return Body.of(
                cell.phase() == Phase.CONTENT ? line.repeat(LARGE / line.length()) : line, StandardCharsets.US_ASCII);
    }

    private static void check(SoftAssertions softly, RunningHost host, Cell cell, MessageId id) throws Exception {
        MessageRow row = host.await(id, each -> each.attempts() > 0 && each.state() != MessageState.SENDING);
        String kind = cell.outcome().toUpperCase(java.util.Locale.ROOT).replace(' ', '_');
        MessageState state =
                switch (kind) {
                    case "DEFERRED", "IN_DOUBT" -> MessageState.RETRYING;
                    case "REFUSED" -> MessageState.SUSPENDED;
                    default -> MessageState.DONE;
                };
        softly.assertThat(row.state()).as(cell + ": " + row.lastError()).isEqualTo(state);
        Optional<AuditRecord> record = host.records(id).stream()
                .filter(each -> each.header("kind").equals(kind))
                .findFirst();
        softly.assertThat(record).as(cell + " on the ledger").isPresent();
        if (cell.fault().equals("reset")) {
            // What the server said before it broke the connection may be lost with it: the phase is this one or an
            // earlier.
            return;
        }
        Phase phase = cell.phase() == Phase.QUIT || (cell.phase() == Phase.CONTENT && kind.equals("IN_DOUBT"))
                ? Phase.FINAL_REPLY
                : cell.phase();
        softly.assertThat(String.valueOf(record.map(each -> each.secret().get("recipients"))))
                .as(cell + " on the ledger")
                .contains("phase=" + phase);
    }

    @Test
    @Timeout(300)
    void holdsAMessageInDoubtWhenThePortRequiresIt() throws Exception {
        try (ScriptedServer server = new ScriptedServer().on("DOT", "RESET");
                RunningHost host = RunningHost.start(
                        folder,
                        "<messageBox url=\"jdbc:sqlite:box.db\"/><host name=\"H\"><retry count=\"3\" interval=\"PT1H\" inDoubt=\"hold\"/></host>"
                                + port(new Cell(Phase.FINAL_REPLY, "reset", "in doubt"), server.port()))) {
            MessageId id = host.submit("FINAL_REPLY-reset", Body.of("x", StandardCharsets.US_ASCII));
            assertThat(host.await(id, row -> row.state() == MessageState.IN_DOUBT)
                            .state())
                    .isEqualTo(MessageState.IN_DOUBT);
        }
    }
}
