package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

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
     * Looks for each cause, and fails when one isn't found.
     *
     * @param link a log-in link, as {@code sendport console} prints it
     * @param profile a folder for the browser
     * @param causes what the cause says, by a part of the sentence of its condition
     * @return the clicks that each took
     */
    static Map<String, Integer> find(URI link, Path profile, Map<String, String> causes) {
        URI page = URI.create(link.toString().replaceFirst("#.*", ""));
        List<String> missed = new ArrayList<>();
        Map<String, Integer> clicks = new java.util.TreeMap<>();
        try (Browser browser = Browser.logOn(page, link.getFragment(), profile)) {
            causes.forEach((sentence, cause) -> {
                int taken = clicksTo(browser, sentence, cause);
                clicks.put(sentence, taken);
                if (taken > CLICKS) {
                    missed.add("\"" + cause + "\" of \"" + sentence + "\", last seen: " + browser.shown());
                }
            });
        }
        assertThat(missed).as("causes not found").isEmpty();
        return clicks;
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
