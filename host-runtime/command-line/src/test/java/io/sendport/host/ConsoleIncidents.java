package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.Skipped;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Somebody on call who looks for causes in the console, from the overview and with two clicks at most. */
final class ConsoleIncidents {

    private static final int CLICKS = 2;

    private ConsoleIncidents() {}

    /**
     * Looks for each cause, and fails when one isn't found. Looks for none without a browser, and notes that.
     *
     * @param folder of the installation's configuration {@code sendport.xml}
     * @param causes what the cause says, by a part of the sentence of its condition
     */
    static void find(Path folder, Map<String, String> causes) throws Exception {
        if (!Browser.isInstalled()) {
            Skipped.note("chromium and chromium-driver are not installed, causes were not looked for in the console");
            return;
        }
        Installed.Result link =
                Installed.sendport(folder, "console", "--role", "reader,operator", "-c", "sendport.xml");
        assertThat(link.status()).as(link.err()).isZero();
        find(URI.create(link.out().strip()), folder.resolve("browser"), causes);
    }

    private static void find(URI link, Path profile, Map<String, String> causes) {
        URI page = URI.create(link.toString().replaceFirst("#.*", ""));
        List<String> missed = new ArrayList<>();
        try (Browser browser = Browser.logOn(page, link.getFragment(), profile)) {
            causes.forEach((sentence, cause) -> {
                if (clicksTo(browser, sentence, cause) > CLICKS) {
                    missed.add("\"" + cause + "\" of \"" + sentence + "\", last seen: " + browser.shown());
                }
            });
        }
        assertThat(missed).as("causes not found").isEmpty();
    }

    private static int clicksTo(Browser browser, String sentence, String cause) {
        browser.open("/").await("h1", "Overview");
        List<String> places = browser.linksOf(".conditions li", sentence);
        if (browser.textOf(".conditions li", sentence).contains(cause)) {
            return 0;
        }
        for (String place : places) {
            browser.go(place);
            if (browser.shown().contains(cause)) {
                return 1;
            }
            for (String message : browser.linksOf("main tbody tr", "")) {
                browser.go(message);
                if (browser.shown().contains(cause)) {
                    return 2;
                }
            }
        }
        return CLICKS + 1;
    }
}
