package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.testing.Deep;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Content that would end the mail early at a server that takes odd line ends for an end of data (CVE-2023-51764). The server here does: it
 * reads a bare CR or LF as a line end, and would take what follows for commands.
 */
@Timeout(300)
class SmugglingIT {

    private static final List<String> ENDS = List.of(
            "\n.\n",
            "\n.\r",
            "\r.\n",
            "\r.\r",
            "\n.\r\n",
            "\r\n.\r",
            "\r\n.\n",
            "\r\n.\r\r\n",
            "\r\r\n.\r\r\n",
            "\r\n\0.\r\n",
            "\r\n.\r\n",
            ".\r\n");

    private static final String SMUGGLED =
            "MAIL FROM:<admin@corp.example>\r\nRCPT TO:<evil@evil.example>\r\nDATA\r\nsmuggled\r\n.\r\n";

    @TempDir
    private Path folder;

    private static String content(String end, int offset) {
        String line = "x".repeat(70) + "\r\n";
        String before = line.repeat(offset / line.length()) + "y".repeat(offset % line.length());
        return before + end + SMUGGLED + "after\r\n";
    }

    @Test
    void contentCannotEndAMailEarly() throws Exception {
        Random random = new Random(1);
        try (ScriptedServer server = new ScriptedServer().offering("250-test\r\n250-PIPELINING\r\n250 8BITMIME")) {
            String smtp = "<smtp host='127.0.0.1' port='" + server.port() + "' tls='none'/>";
            String mail = " from='a@corp.example' to='b@customer.example'";
            try (RunningHost host = RunningHost.start(
                    folder,
                    "<messageBox url='jdbc:sqlite:box.db'/><host name='H'/>"
                            + "<sendPort name='Body' host='H'>" + smtp + "<mail" + mail + "/></sendPort>"
                            + "<sendPort name='Macro' host='H'>" + smtp + "<mail" + mail
                            + "><body type='text/plain'>%T%</body></mail></sendPort>"
                            + "<sendPort name='Attached' host='H'>" + smtp + "<mail" + mail
                            + "><attach parts='all'/></mail></sendPort>")) {
                Map<MessageId, String> sent = new LinkedHashMap<>();
                for (String end : ENDS) {
                    for (int i = 0; i < Deep.times(2, 100); i++) {
                        String content = content(end, i == 0 ? 0 : random.nextInt(8_193));
                        Body body = Body.of(content, StandardCharsets.ISO_8859_1);
                        sent.put(host.submit("Body", body), "text");
                        sent.put(host.submit("Attached", body), "attachment");
                        sent.put(
                                host.submit(
                                        "Macro",
                                        Body.of("x", StandardCharsets.US_ASCII),
                                        Context.of(Map.of("T", content))),
                                "macro");
                        for (String encoding : List.of("7bit", "8bit", "quoted-printable")) {
                            Body ready = Body.of(
                                    "Subject: ready\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n"
                                            + "Content-Transfer-Encoding: " + encoding + "\r\n\r\n" + content,
                                    StandardCharsets.ISO_8859_1);
                            sent.put(
                                    host.submit("Body", Part.body("message/rfc822", ready), Context.empty()),
                                    "ready-made, " + encoding);
                        }
                    }
                }
                int done = 0;
                for (Map.Entry<MessageId, String> each : sent.entrySet()) {
                    MessageRow row = host.await(
                            each.getKey(), now -> now.state().isEnd() || now.state() == MessageState.SUSPENDED);
                    assertThat(row.state()).as(each.getValue()).isIn(MessageState.DONE, MessageState.SUSPENDED);
                    done += row.state() == MessageState.DONE ? 1 : 0;
                }
                assertThat(server.mails()).hasSize(done);
                assertThat(done).isGreaterThan(sent.size() / 3);
                assertThat(server.commands())
                        .noneMatch(line -> line.contains("evil@") || line.contains("admin@"))
                        .noneMatch(line -> line.equals("smuggled"));
            }
        }
    }
}
