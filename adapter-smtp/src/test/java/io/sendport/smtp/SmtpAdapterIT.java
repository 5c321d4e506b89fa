package io.sendport.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.Notify;
import io.sendport.smtp.wire.Answer;
import io.sendport.smtp.wire.Phase;
import io.sendport.testing.FakeAdapter;
import io.sendport.testing.NobodysPort;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.ServerKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an adapter makes of what a server says, and what it hands over. */
@Timeout(300)
class SmtpAdapterIT extends AdapterFixture {

    private static Delivery handled(Handling handling) {
        Delivery usual = delivery(MAIL, "a+b@customer.example");
        return new Delivery(
                usual.message(),
                usual.number(),
                usual.sender(),
                usual.recipients(),
                handling,
                usual.mail(),
                usual.transparency(),
                usual.sha256(),
                usual.mimeMessageId());
    }

    @Test
    void handsOverTheSealedBytesUnchanged() throws Exception {
        DeliveryResult result = send(adapter());
        assertThat(only(result).outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(result.facts().get("queueId")).isEqualTo("4BCD");
        assertThat(server.mails()).containsExactly(MAIL);
        assertThat(server.commands()).contains("MAIL FROM:<billing@corp.example> SIZE=" + MAIL.length());
        assertThat(result.dialogue()).contains("S: 250 2.0.0 Ok: queued as 4BCD");
    }

    @Test
    void sendsPlainCommandsWhenTheServerOffersNoExtensions() throws Exception {
        server.offering("250 test");
        assertThat(only(send(adapter())).outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(server.commands()).contains("MAIL FROM:<billing@corp.example>");
        assertThat(server.mails()).containsExactly(MAIL);
    }

    @ParameterizedTest
    @CsvSource({
        "GREETING,421 4.3.2 busy,DEFERRED,GREETING",
        "GREETING,554 5.7.1 go away,DEFERRED,GREETING",
        "GREETING,CLOSE,DEFERRED,GREETING",
        "EHLO,CLOSE,DEFERRED,EHLO",
        "MAIL,451 4.3.0 later,DEFERRED,MAIL",
        "MAIL,550 5.1.8 no,REFUSED,MAIL",
        "MAIL,CLOSE,DEFERRED,MAIL",
        "RCPT,450 4.2.0 greylisted,DEFERRED,RCPT",
        "RCPT,550 5.1.1 unknown,REFUSED,RCPT",
        "RCPT,552 5.5.3 too many,DEFERRED,RCPT",
        "RCPT,CLOSE,DEFERRED,RCPT",
        "DATA,451 4.3.0 later,DEFERRED,DATA",
        "DATA,554 5.5.1 no,REFUSED,DATA",
        "DATA,CLOSE,DEFERRED,DATA",
        "DOT,451 4.3.0 later,DEFERRED,FINAL_REPLY",
        "DOT,554 5.6.0 no,REFUSED,FINAL_REPLY",
        "DOT,CLOSE,IN_DOUBT,FINAL_REPLY",
        "DOT,garbage,IN_DOUBT,FINAL_REPLY",
        "MAIL,garbage,DEFERRED,MAIL",
        "MAIL,421 4.7.0 closing,DEFERRED,MAIL"
    })
    void reportsTheOutcomeAndPhaseOfEveryReply(String command, String answer, Outcome outcome, Phase phase)
            throws Exception {
        server.on(command, answer);
        for (String offers : List.of("250-test\r\n250 PIPELINING", "250 test")) {
            server.offering(offers);
            Answer result = only(send(adapter()));
            assertThat(result.outcome()).as(offers).isEqualTo(outcome);
            assertThat(result.phase()).as(offers).isEqualTo(phase);
        }
        if (!command.equals("DOT")) {
            assertThat(server.mails()).isEmpty();
        }
    }

    /** All phases side by side: each takes as long as the wait for an answer that never comes. */
    @Test
    void reportsThePhaseInWhichTheServerStopsResponding() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<ScriptedServer> servers = new ArrayList<>();
        try {
            Map<Future<DeliveryResult>, Phase> results = new LinkedHashMap<>();
            for (String command : List.of("GREETING", "EHLO", "MAIL", "RCPT", "DATA", "DOT")) {
                boolean last = command.equals("DOT");
                for (String offers : List.of("250-test\r\n250 PIPELINING", "250 test")) {
                    ScriptedServer silent =
                            new ScriptedServer().on(command, "HANG").offering(offers);
                    servers.add(silent);
                    SendAdapter adapter = adapter(
                            "port",
                            Integer.toString(silent.port()),
                            last ? "finalReplyTimeout" : "readTimeout",
                            "PT5S");
                    results.put(threads.submit(() -> send(adapter)), last ? Phase.FINAL_REPLY : Phase.valueOf(command));
                }
            }
            for (Map.Entry<Future<DeliveryResult>, Phase> each : results.entrySet()) {
                Answer result = only(each.getKey().get());
                Phase phase = each.getValue();
                assertThat(result.phase()).isEqualTo(phase);
                assertThat(result.outcome())
                        .as(phase.name())
                        .isEqualTo(phase == Phase.FINAL_REPLY ? Outcome.IN_DOUBT : Outcome.DEFERRED);
            }
            assertThat(servers.stream().mapToInt(each -> each.mails().size()).sum())
                    .as("both that were silent after the final dot")
                    .isEqualTo(2);
        } finally {
            threads.shutdownNow();
            for (ScriptedServer each : servers) {
                each.close();
            }
        }
    }

    @Test
    void reportsAResultForEachRecipient() throws Exception {
        server.on("RCPT TO:<no@customer.example>", "550 5.1.1 unknown")
                .on("RCPT TO:<later@customer.example>", "450 4.2.0 later");
        for (String offers : List.of("250-test\r\n250 PIPELINING", "250 test")) {
            server.offering(offers);
            DeliveryResult result =
                    send(adapter(), "yes@customer.example", "no@customer.example", "later@customer.example");
            assertThat(result.recipients())
                    .extracting(RecipientResult::outcome)
                    .containsExactly(Outcome.ACCEPTED, Outcome.REFUSED, Outcome.DEFERRED);
            assertThat(result.recipients().get(1).text()).hasToString("550 5.1.1 unknown");
        }
    }

    @Test
    void sendsFurtherMailsAfterARefusalOrDeferral() throws Exception {
        SendAdapter adapter = adapter();
        server.on("RCPT TO:<no@customer.example>", "550 5.1.1 unknown");
        assertThat(only(send(adapter, "no@customer.example")).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(only(send(adapter, "yes@customer.example")).outcome()).isEqualTo(Outcome.ACCEPTED);
        server.on("DATA", "451 4.3.0 later");
        assertThat(only(send(adapter, "yes@customer.example")).outcome()).isEqualTo(Outcome.DEFERRED);
        server.on("DATA", "354 go on");
        assertThat(only(send(adapter, "yes@customer.example")).outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(server.mails()).hasSize(2);
    }

    @Test
    void splitsTheRecipientsWhenTheServerLimitsTheirNumber() throws Exception {
        for (int limit : new int[] {1, 3}) {
            server.takingRecipients(limit);
            DeliveryResult result = send(
                    adapter("messagesPerConnection", Integer.toString(100 + limit)),
                    "a@customer.example",
                    "b@customer.example",
                    "c@customer.example",
                    "d@customer.example",
                    "e@customer.example");
            assertThat(result.with(Outcome.ACCEPTED))
                    .as(result.dialogue().toString())
                    .hasSize(5);
        }
        server.takingRecipients(0);
        assertThat(send(adapter(), "a@customer.example", "b@customer.example").with(Outcome.DEFERRED))
                .as("no progress, no endless loop")
                .hasSize(2);
        assertThat(server.mails()).hasSize(5 + 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLOSE", "HANG", "500 what"})
    void acceptsTheMailAtTheFinalReplyNotAtQuit(String answer) throws Exception {
        server.on("QUIT", answer);
        assertThat(only(send(adapter("messagesPerConnection", "1"))).outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(server.mails()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GREETING", "EHLO", "MAIL", "RCPT"})
    void stopsReadingAnEndlessReply(String command) throws Exception {
        server.on(command, "ENDLESS");
        Answer result = only(send(adapter()));
        assertThat(result.outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(result.reply().text()).contains("the answer is longer than ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "250-test\r\n250-550 no",
                "25",
                "999 what",
                "2500 odd",
                "\u0662\u0665\u0660 arabic",
                "250",
                "-1 x",
                "250-a\r\n550 b"
            })
    void neverHangsOnAMalformedAnswer(String answer) throws Exception {
        server.on("EHLO", answer).on("HELO", answer);
        DeliveryResult result = send(adapter("readTimeout", "PT0.8S"));
        assertThat(result.recipients())
                .extracting(RecipientResult::outcome)
                .isSubsetOf(Outcome.ACCEPTED, Outcome.DEFERRED);
    }

    @Test
    void refusesAMailLargerThanTheServerAllows() throws Exception {
        server.offering("250-test\r\n250 SIZE 10");
        Answer result = only(send(adapter()));
        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.reply().text()).contains("accepts at most 10 bytes");
        assertThat(server.count("MAIL")).isZero();
    }

    @Test
    void sendsNoFinalDotWithoutALease() throws Exception {
        DeliveryResult result = FakeAdapter.send(adapter(), delivery(MAIL, "a@customer.example"), () -> false);
        assertThat(only(result).outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(only(result).reply().text()).contains("lease");
    }

    @Test
    void reportsARefusedConnection() throws Exception {
        try (NobodysPort nobody = new NobodysPort()) {
            Answer result = only(send(adapter("port", Integer.toString(nobody.number()))));
            assertThat(result.outcome()).isEqualTo(Outcome.DEFERRED);
            assertThat(result.phase()).isEqualTo(Phase.CONNECT);
            assertThat(result.reply().text()).contains("127.0.0.1").containsIgnoringCase("refused");
        }
    }

    @Test
    void requestsOnlyTheHandlingThatTheServerSupports() throws Exception {
        Handling handling = new Handling(EnumSet.of(Notify.FAILURE, Notify.DELAY), true, false, Optional.of(-4));
        server.offering("250-test\r\n250-MT-PRIORITY\r\n250 DSN");
        SendAdapter adapter = adapter("messagesPerConnection", "1");
        assertThat(only(FakeAdapter.send(adapter, handled(handling), () -> true))
                        .outcome())
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(server.commands())
                .contains(
                        "MAIL FROM:<billing@corp.example> RET=FULL ENVID=6f0c2b1e-0000-4000-8000-000000000001 MT-PRIORITY=-4",
                        "RCPT TO:<a+b@customer.example> NOTIFY=DELAY,FAILURE ORCPT=rfc822;a+2Bb@customer.example");
        server.commands().clear();
        server.offering("250 test");
        assertThat(only(FakeAdapter.send(adapter, handled(handling), () -> true))
                        .outcome())
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(server.commands()).contains("MAIL FROM:<billing@corp.example>", "RCPT TO:<a+b@customer.example>");
    }

    @Test
    void sendsARequireTlsMailOnlyOverTlsToAServerThatSupportsIt() throws Exception {
        Delivery delivery = handled(new Handling(EnumSet.noneOf(Notify.class), false, true, Optional.empty()));
        server.offering("250-test\r\n250 REQUIRETLS");
        Answer clear = only(FakeAdapter.send(adapter(), delivery, () -> true));
        assertThat(clear.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(clear.reply().text()).contains("REQUIRETLS, RFC 8689");
        assertThat(server.count("MAIL")).isZero();
        try (ScriptedServer secure =
                new ScriptedServer(ServerKey.make(folder, "dns:localhost").context())) {
            String[] relay = {
                "host",
                "localhost",
                "port",
                Integer.toString(secure.port()),
                "tls",
                "required",
                "trustStore",
                "server.pem",
                "messagesPerConnection",
                "1"
            };
            secure.offering("250-test\r\n250-REQUIRETLS\r\n250 STARTTLS");
            assertThat(only(FakeAdapter.send(adapter(relay), delivery, () -> true))
                            .outcome())
                    .isEqualTo(Outcome.ACCEPTED);
            assertThat(secure.commands()).contains("MAIL FROM:<billing@corp.example> REQUIRETLS");
            secure.offering("250-test\r\n250 STARTTLS");
            assertThat(only(FakeAdapter.send(adapter(relay), delivery, () -> true))
                            .outcome())
                    .isEqualTo(Outcome.REFUSED);
        }
    }

    @Test
    void sendsToNonAsciiAddressesWhenTheServerSupportsSmtpUtf8() throws Exception {
        server.offering("250-test\r\n250 SMTPUTF8");
        DeliveryResult spoken = send(adapter(), "jörg@bücher.example", "a@bücher.example");
        assertThat(spoken.with(Outcome.ACCEPTED)).hasSize(2);
        String utf8 = new String("jörg@bücher.example".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(server.commands())
                .contains("RCPT TO:<" + utf8 + ">", "RCPT TO:<a@xn--bcher-kva.example>")
                .anyMatch(line -> line.startsWith("MAIL") && line.endsWith(" SMTPUTF8"));
    }

    @Test
    void refusesOnlyNonAsciiLocalPartsWithoutSmtpUtf8() throws Exception {
        DeliveryResult result = send(adapter(), "jörg@customer.example", "a@bücher.example");
        assertThat(result.recipients())
                .extracting(RecipientResult::outcome)
                .containsExactly(Outcome.REFUSED, Outcome.ACCEPTED);
        assertThat(result.recipients().get(0).text()).contains("does not support SMTPUTF8");
        assertThat(only(send(adapter(), "jörg@customer.example")).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(server.count("MAIL")).isEqualTo(1);
    }
}
