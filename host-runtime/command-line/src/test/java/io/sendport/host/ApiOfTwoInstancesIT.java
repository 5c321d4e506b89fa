package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two instances on one PostgreSQL: whatever was begun at one goes on at the other. */
@Timeout(300)
@InTurn
class ApiOfTwoInstancesIT {

    private static final String HOSTS = """
            <host name='H'><auditRelay embedded='true'/></host>
            <sendPort name='P' host='H' initialState='stopped'>
              <mail from='a@corp.example' to='b@customer.example' subject='s'/></sendPort>
            """;

    @TempDir
    private Path folder;

    private ServedApi one;
    private ServedApi two;

    @BeforeEach
    void start() throws Exception {
        String box = "<messageBox url='" + TestPostgres.newDatabase() + "' user='postgres'/>";
        one = new ServedApi(Files.createDirectory(folder.resolve("one")), box, HOSTS);
        two = new ServedApi(Files.createDirectory(folder.resolve("two")), box, HOSTS);
    }

    @AfterEach
    void stop() throws Exception {
        one.close();
        two.close();
    }

    private static JsonNode submit(ServedApi at, String token) throws Exception {
        HttpRequest request = at.request(token, "/messages?port=P")
                .header("Idempotency-Key", "order 1")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("the same"))
                .build();
        return ServedApi.json(at.send(request)).path("items").path(0);
    }

    @Test
    void aRepeatedSubmissionToTheOtherInstanceIsADuplicate() throws Exception {
        String here = one.token("billing", "submitter,operator");
        String there = two.token("billing", "submitter,operator");
        JsonNode first = submit(one, here);
        JsonNode again = submit(two, there);
        assertThat(again.path("id")).isEqualTo(first.path("id"));
        assertThat(again.path("duplicate").asBoolean()).isTrue();

        String id = first.path("id").asText();
        HttpResponse<String> act = two.post(there, "/messages/" + id + "/suspend", "{\"reason\": \"wait\"}");
        assertThat(act.statusCode()).as(act.body()).isEqualTo(200);
        assertThat(one.json(here, "/messages/" + id)
                        .path("message")
                        .path("state")
                        .asText())
                .isEqualTo("suspended");
    }

    @Test
    void anActCountedAtOneInstanceIsConfirmedAtTheOther() throws Exception {
        String here = one.token("op", "submitter,operator");
        submit(one, here);
        String secret = one.linkSecret("operator");
        HttpRequest logOn = two.request("", "/session")
                .header("X-Sendport-Csrf", "1")
                .POST(HttpRequest.BodyPublishers.ofString("{\"secret\": \"" + secret + "\"}"))
                .build();
        String cookie = two.send(logOn).headers().firstValue("Set-Cookie").orElseThrow();
        String session = cookie.substring(0, cookie.indexOf(';'));
        JsonNode counted = ServedApi.json(post(one, session, "/messages/acts?act=terminate&port=P", "{}"));
        assertThat(counted.path("count").asInt()).isEqualTo(1);
        String act = "/messages/acts/" + counted.path("id").asText();
        post(
                two,
                session,
                act + "/run",
                "{\"confirm\": \"" + counted.path("confirm").asText() + "\"}");
        Patience.until(
                "the act", () -> one.json(here, act).path("state").asText().equals("done"));
        assertThat(one.json(here, "/ports/P").path("waiting").asInt()).isZero();
    }

    private static HttpResponse<String> post(ServedApi at, String cookie, String path, String body) throws Exception {
        HttpResponse<String> answer = at.send(at.request("", path)
                .header("Cookie", cookie)
                .header("X-Sendport-Csrf", "1")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 202);
        return answer;
    }
}
