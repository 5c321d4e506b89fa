package io.sendport.host.process;

import io.sendport.host.camel.CamelShell;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The feed routes of one host instance: loaded everywhere, run on one instance of the host alone. One thread at a time. */
final class Feeds {

    private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);

    private final String host;
    private final CamelShell camel;
    private boolean any;
    private boolean running;
    private volatile String fault = "";

    Feeds(String host, CamelShell camel) {
        this.host = host;
        this.camel = camel;
    }

    /**
     * Loads them, not started.
     *
     * @throws CamelShell.FeedException when a file is wrong
     */
    void load(List<Path> files) throws CamelShell.FeedException {
        camel.addFeeds(files);
        any = !files.isEmpty();
    }

    /**
     * Takes the place of those that are loaded with others, which run where those ran.
     *
     * @throws Exception when the new ones can't be loaded; there are none then
     */
    void replace(List<Path> files) throws Exception {
        boolean ran = running;
        running = false;
        any = false;
        camel.removeFeeds();
        try {
            load(files);
            run(ran);
        } catch (CamelShell.FeedException e) {
            fault = "its feeds could not be loaded: " + e.getMessage();
            throw e;
        }
    }

    /** Whether they run here. */
    boolean areRunning() {
        return running;
    }

    /** Why they don't do as they should; may be empty. */
    String fault() {
        return fault;
    }

    /** Starts or stops them; what fails is tried again at the next call. */
    void run(boolean wanted) {
        if (wanted == running || !any) {
            return;
        }
        try {
            if (wanted) {
                camel.startFeeds();
            } else {
                camel.stopFeeds();
            }
            running = wanted;
            fault = "";
            LOG.info("the feeds of host {} {}", host, wanted ? "run here" : "are stopped here");
        } catch (Exception e) {
            String why = "its feeds did not " + (wanted ? "start: " : "stop: ") + e.getMessage();
            if (!why.equals(fault)) {
                LOG.error("host {}: {}", host, why, e);
            }
            fault = why;
            // Some of them may have started.
            stop();
        }
    }

    /** Stops them, for the end or after a failure. */
    void stop() {
        try {
            camel.stopFeeds();
        } catch (Exception e) {
            LOG.warn("a feed of host {} did not stop", host, e);
        }
    }
}
