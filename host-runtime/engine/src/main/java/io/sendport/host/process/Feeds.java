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
 * The feed routes and the submission feed of one host instance. They are loaded on every instance, but run on only one instance of
 * the host. One thread at a time.
 */
final class Feeds {

    private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);

    /** How long to wait for a mail that is being received. */
    private static final Duration MAX_MAIL = Duration.ofSeconds(10);

    private final String host;
    private final HostCamelContext camel;
    private final Opener opener;
    private Optional<SubmissionSettings> submission = Optional.empty();
    private Optional<SubmissionFeed> open = Optional.empty();
    private boolean any;
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
     * @throws HostCamelContext.FeedException when a file is wrong
     */
    void load(HostSettings settings) throws HostCamelContext.FeedException {
        camel.addFeeds(settings.routes());
        submission = settings.submission();
        any = !settings.routes().isEmpty() || submission.isPresent();
    }

    /**
     * Replaces the loaded feeds; the new ones run if the old ones ran.
     *
     * @throws Exception when the new ones cannot be loaded; no feeds are loaded then
     */
    void replace(HostSettings settings) throws Exception {
        boolean ran = running;
        closeSubmission();
        running = false;
        any = false;
        camel.removeFeeds();
        try {
            load(settings);
            run(ran);
        } catch (HostCamelContext.FeedException e) {
            fault = "cannot load its feeds: " + e.getMessage();
            throw e;
        }
    }

    /** Whether they run here. */
    boolean areRunning() {
        return running;
    }

    /** Why they fail; may be empty. */
    String fault() {
        return fault;
    }

    /** Starts or stops them; the next call retries what failed. */
    void run(boolean wanted) {
        if (wanted == running || !any) {
            return;
        }
        try {
            if (wanted) {
                camel.startFeeds();
                if (submission.isPresent()) {
                    open = Optional.of(opener.open(submission.get()));
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
                LOG.error("host {}: {}", host, why, e);
            }
            fault = why;
            // Some of them may have started.
            stop();
        }
    }

    /** Stops them, at the end or after a failure. */
    void stop() {
        closeSubmission();
        try {
            camel.stopFeeds();
        } catch (Exception e) {
            LOG.warn("cannot stop a feed of host {}", host, e);
        }
    }

    /** Stops accepting mail, after mails that are being received were submitted. */
    void closeSubmission() {
        open.ifPresent(each -> each.stop(MAX_MAIL));
        open = Optional.empty();
    }
}
