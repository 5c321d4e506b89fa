package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code sendport demo --console} as somebody who looks at Sendport for the first time runs it. */
@Timeout(300)
@InTurn
class DemoConsoleIT {

    private static final Pattern LINK = Pattern.compile("(http://127\\.0\\.0\\.1:\\d+)/login#(spt_[\\w-]+)");

    @TempDir
    private Path folder;

    @Test
    void showsMessagesInEveryStateAfterLogOnWithTheLink() throws Exception {
        Path out = folder.resolve("demo.out");
        Process demo = Installed.start(folder, "", out, folder.resolve("demo.err"), "demo", "--console");
        try {
            Patience.until("the link", () -> LINK.matcher(Installed.read(out)).find());
            Matcher link = LINK.matcher(Installed.read(out));
            assertThat(link.find()).isTrue();
            HttpClient browser = HttpClient.newHttpClient();
            String cookie = logOn(browser, link);
            Document ports = page(browser, cookie, link.group(1) + "/ports");
            assertThat(ports.select("tbody th").eachText())
                    .containsExactlyInAnyOrder("Invoices", "Paused", "NoCertificate", "Unreachable", "Forgetful");
            for (String each : new String[] {"done", "waiting", "suspended", "retrying", "inDoubt"}) {
                assertThat(page(browser, cookie, link.group(1) + "/messages?state=" + each)
                                .select("tbody tr"))
                        .as(each)
                        .isNotEmpty();
            }
            Matcher file = Pattern.compile("-c (\\S+/sendport\\.xml)").matcher(Installed.read(out));
            assertThat(file.find()).as(Installed.read(out)).isTrue();
            Installed.Result token =
                    Installed.sendport(folder, "token", "add", "-c", file.group(1), "--role", "viewer", "me");
            assertThat(token.status()).as(token.err()).isZero();
            HttpRequest request = HttpRequest.newBuilder(URI.create(link.group(1) + "/api/v1/messages"))
                    .header("Authorization", "Bearer " + token.out().strip())
                    .build();
            assertThat(browser.send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        } finally {
            demo.destroyForcibly();
        }
    }

    private static String logOn(HttpClient browser, Matcher link) throws Exception {
        HttpResponse<String> answer = browser.send(
                HttpRequest.newBuilder(URI.create(link.group(1) + "/api/v1/session"))
                        .header("Content-Type", "application/json")
                        .header("X-Sendport-Csrf", "1")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"secret\": \"" + link.group(2) + "\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        return cookie.substring(0, cookie.indexOf(';'));
    }

    private static Document page(HttpClient browser, String cookie, String address) throws Exception {
        HttpResponse<String> answer = browser.send(
                HttpRequest.newBuilder(URI.create(address))
                        .header("Accept", "text/html")
                        .header("Cookie", cookie)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Jsoup.parse(answer.body());
    }
}
