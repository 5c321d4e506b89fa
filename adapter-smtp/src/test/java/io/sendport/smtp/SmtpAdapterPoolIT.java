package io.sendport.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;
import io.sendport.smtp.wire.Answer;
import io.sendport.smtp.wire.Phase;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How an adapter opens, shares, renews and gives back connections. */
@Timeout(300)
class SmtpAdapterPoolIT extends AdapterFixture {

    private static SendConnection connected(SendAdapter adapter) throws Exception {
        return ((Connecting.Connected) adapter.connect()).connection();
    }

    @Test
    void reportsBusyWithoutAnotherLogOnAfterARefusedLogOn() throws Exception {
        server.offering("250-test\r\n250 AUTH PLAIN").on("AUTH", "535 5.7.8 bad credentials");
        SendAdapter adapter =
                adapter("auth", "basic", "user", "billing", "password", "wrong", "allowClearText", "true");
        DeliveryResult first = send(adapter);
        assertThat(only(first).phase()).isEqualTo(Phase.AUTH);
        assertThat(first.advice().rest()).isEmpty();
        assertThat(adapter.rest()).isPresent();
        for (int i = 0; i < 20; i++) {
            assertThat(adapter.connect())
                    .as("nothing is tried")
                    .isInstanceOfSatisfying(Connecting.Busy.class, busy -> assertThat(busy.why())
                            .contains("no log-on before"));
        }
        assertThat(server.count("AUTH")).isEqualTo(1);
    }

    @Test
    void limitsConnectionsToARelayAcrossAccounts() throws Exception {
        server.offering("250-test\r\n250 AUTH PLAIN");
        for (int i = 0; i < 5; i++) {
            SendAdapter adapter = adapter(
                    "maxConnections",
                    "2",
                    "auth",
                    "basic",
                    "user",
                    "account-" + i,
                    "password",
                    "pass",
                    "allowClearText",
                    "true");
            assertThat(only(send(adapter)).outcome()).isEqualTo(Outcome.ACCEPTED);
        }
        assertThat(server.count("CONNECT")).isEqualTo(5);
        Patience.until("room for the last", () -> server.count("QUIT") >= 3);
        assertThat(server.count("QUIT"))
                .as("two stay open, the others made room")
                .isEqualTo(3);
    }

    @Test
    void reusesAConnectionForTheConfiguredNumberOfMessages() throws Exception {
        SendAdapter adapter = adapter("messagesPerConnection", "3");
        for (int i = 0; i < 6; i++) {
            assertThat(only(send(adapter)).outcome()).isEqualTo(Outcome.ACCEPTED);
        }
        assertThat(server.count("CONNECT")).isEqualTo(2);
        assertThat(server.count("NOOP")).isZero();
    }

    @Test
    void reportsBusyWithoutConnectingWhenNoConnectionIsFree() throws Exception {
        SendAdapter adapter = adapter("maxConnections", "1");
        SendAdapter other = adapter("maxConnections", "1", "readTimeout", "PT0.1S");
        try (SendConnection held = connected(adapter)) {
            assertThat(held.fault()).isEmpty();
            assertThat(other.connect()).isInstanceOfSatisfying(Connecting.Busy.class, busy -> assertThat(busy.why())
                    .contains("no free connection to 127.0.0.1:" + server.port() + " within PT0.1S: 1 of 1 in use"));
            assertThat(server.count("CONNECT")).isEqualTo(1);
        }
        assertThat(only(send(adapter)).outcome()).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void returnsAConnectionOnlyOnceWhenItIsClosedTwice() throws Exception {
        SendAdapter adapter = adapter("maxConnections", "1");
        SendAdapter impatient = adapter("maxConnections", "1", "readTimeout", "PT0.1S");
        SendConnection first = connected(adapter);
        first.close();
        try (SendConnection second = connected(adapter)) {
            first.close();
            assertThat(second.fault()).isEmpty();
            assertThat(impatient.connect()).isInstanceOf(Connecting.Busy.class);
        }
    }

    /** Between taking a connection and using it the attempt is recorded, which takes as long as the disk. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void reconnectsWhenAConnectionIsClosedBeforeItIsUsed(boolean usedBefore) throws Exception {
        SendAdapter adapter = adapter();
        if (usedBefore) {
            assertThat(only(send(adapter)).outcome()).isEqualTo(Outcome.ACCEPTED);
        }
        try (SendConnection connection = connected(adapter)) {
            server.hangUp();
            DeliveryResult result = connection.send(delivery(MAIL, "a@customer.example"), () -> true);
            assertThat(only(result).outcome()).isEqualTo(Outcome.ACCEPTED);
        }
        assertThat(server.count("CONNECT")).isEqualTo(2);
    }

    @Test
    void reconnectsOnlyOnceWhenTheServerKeepsClosing() throws Exception {
        server.on("MAIL", "CLOSE");
        DeliveryResult result = send(adapter());
        assertThat(only(result).outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(only(result).phase()).isEqualTo(Phase.MAIL);
        assertThat(result.advice().rest()).as("that spends a retry").isEmpty();
        assertThat(server.count("CONNECT")).isEqualTo(2);
    }

    @Test
    void sendsAllDeliveriesOfAMessageInOnePoolSlot() throws Exception {
        SendAdapter adapter = adapter("maxConnections", "1", "messagesPerConnection", "2", "readTimeout", "PT1S");
        try (SendConnection connection = connected(adapter)) {
            for (int i = 0; i < 4; i++) {
                assertThat(only(connection.send(delivery(MAIL, "a@customer.example"), () -> true))
                                .outcome())
                        .isEqualTo(Outcome.ACCEPTED);
            }
        }
        assertThat(server.count("CONNECT")).isEqualTo(2);
        assertThat(server.mails()).hasSize(4);
    }

    @Test
    void reconnectsWhenAnIdleConnectionTurnsOutToBeClosed() throws Exception {
        SendAdapter adapter = adapter();
        assertThat(only(send(adapter)).outcome()).isEqualTo(Outcome.ACCEPTED);
        ScriptedServer first = server;
        first.on("MAIL", "CLOSE");
        Answer second = only(send(adapter));
        assertThat(second.outcome())
                .as("the second connection is closed at MAIL too, and then it is a deferral")
                .isEqualTo(Outcome.DEFERRED);
        assertThat(first.count("CONNECT")).isEqualTo(2);
        first.on("MAIL", "250 ok");
        assertThat(only(send(adapter)).outcome()).isEqualTo(Outcome.ACCEPTED);
    }
}
