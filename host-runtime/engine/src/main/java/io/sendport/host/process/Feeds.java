package io.sendport.host.process;

import io.sendport.config.HostSettings;
import io.sendport.config.SubmissionSettings;
import io.sendport.host.camel.HostCamelContext;
import io.sendport.host.submission.SubmissionFeed;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feed routes and the submission feed of one host instance. Every instance of a host loads its feeds, but only one instance runs them.
 * For one thread at a time; any thread may call {@link #fault}.
 */
final class Feeds {

    private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);

    /** How long a stopping submission feed waits for mails that it is receiving. */
    private static final Duration RECEIVE_TIMEOUT = Duration.ofSeconds(10);

    private final String host;
    private final HostCamelContext camel;
    private final Opener opener;
    private Optional<SubmissionSettings> submission = Optional.empty();
    private Optional<SubmissionFeed> openFeed = Optional.empty();
    /** The host whose changed feeds could not be loaded yet. */
    private Optional<HostSettings> toLoad = Optional.empty();

    private boolean hasFeeds;
    private boolean running;
    private volatile String fault = "";

    /** Opens a submission feed. */
    @FunctionalInterface
    interface Opener {
        SubmissionFeed open(SubmissionSettings settings) throws IOException;
    }

    Feeds(String host, HostCamelContext camel, Opener opener) {
        this.host = host;
        this.camel = camel;
        this.opener = opener;
    }

    /**
     * Loads the feeds without starting them.
     *
     * @throws HostCamelContext.FeedException when a file has no valid feed routes
     */
    void load(HostSettings settings) throws HostCamelContext.FeedException {
        camel.addFeeds(settings.routes());
        submission = settings.submission();
        hasFeeds = !settings.routes().isEmpty() || submission.isPresent();
    }

    /**
     * Replaces the loaded feeds. The new feeds run if the old feeds ran.
     *
     * @throws Exception when the new feeds cannot be loaded; no feeds are loaded then, and {@link #run} retries
     */
    void replace(HostSettings settings) throws Exception {
        boolean ran = running;
        closeSubmission();
        running = false;
        hasFeeds = false;
        toLoad = Optional.of(settings);
        loadReplaced();
        run(ran);
    }

    private void loadReplaced() throws Exception {
        if (toLoad.isEmpty()) {
            return;
        }
        try {
            camel.removeFeeds();
            load(toLoad.get());
            toLoad = Optional.empty();
            fault = "";
        } catch (Exception e) {
            fault = "cannot load its feeds: " + e.getMessage();
            throw e;
        }
    }

    /** Whether the feeds run on this instance. */
    boolean areRunning() {
        return running;
    }

    /** Why the feeds fail to load, start or stop; empty when they do not. */
    String fault() {
        return fault;
    }

    /** Starts or stops the feeds. After a failure, the next call retries. */
    void run(boolean wanted) {
        try {
            loadReplaced();
        } catch (Exception e) {
            LOG.debug("host {}: {}", host, fault, e);
            return;
        }
        if (wanted == running || !hasFeeds) {
            return;
        }
        try {
            if (wanted) {
                camel.startFeeds();
                if (submission.isPresent()) {
                    openFeed = Optional.of(opener.open(submission.get()));
                }
            } else {
                closeSubmission();
                camel.stopFeeds();
            }
            running = wanted;
            fault = "";
            LOG.info("{} the feeds of host {}", wanted ? "started" : "stopped", host);
        } catch (Exception e) {
            String why = "cannot " + (wanted ? "start" : "stop") + " its feeds: " + e.getMessage();
            if (!why.equals(fault)) {
                LOG.error("host {}: {}; will retry", host, why, e);
            }
            fault = why;
            // Some feeds may have started.
            stop();
        }
    }

    /** Stops the feeds, at the end or after a failure. */
    void stop() {
        closeSubmission();
        try {
            camel.stopFeeds();
        } catch (Exception e) {
            LOG.warn("cannot stop a feed of host {}", host, e);
        }
    }

    /** Stops accepting mail. Waits for mails that the submission feed is receiving, so that they are submitted. */
    void closeSubmission() {
        openFeed.ifPresent(each -> each.stop(RECEIVE_TIMEOUT));
        openFeed = Optional.empty();
    }
}
