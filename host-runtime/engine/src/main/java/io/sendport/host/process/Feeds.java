package io.sendport.host.process;

import io.sendport.config.HostSettings;
import io.sendport.config.SubmissionSettings;
import io.sendport.host.camel.CamelShell;
import io.sendport.host.submission.SubmissionFeed;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The feed routes and the submission feed of one host instance: loaded everywhere, run on one instance of the host alone. One thread at a time. */
final class Feeds {

    private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);

    /** How long a mail that is being taken is waited for. */
    private static final Duration LONGEST_MAIL = Duration.ofSeconds(10);

    private final String host;
    private final CamelShell camel;
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

    Feeds(String host, CamelShell camel, Opener opener) {
        this.host = host;
        this.camel = camel;
        this.opener = opener;
    }

    /**
     * Loads them, not started.
     *
     * @throws CamelShell.FeedException when a file is wrong
     */
    void load(HostSettings settings) throws CamelShell.FeedException {
        camel.addFeeds(settings.routes());
        submission = settings.submission();
        any = !settings.routes().isEmpty() || submission.isPresent();
    }

    /**
     * Takes the place of those that are loaded with others, which run where those ran.
     *
     * @throws Exception when the new ones can't be loaded; there are none then
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
                if (submission.isPresent()) {
                    open = Optional.of(opener.open(submission.get()));
                }
            } else {
                closeSubmission();
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
        closeSubmission();
        try {
            camel.stopFeeds();
        } catch (Exception e) {
            LOG.warn("a feed of host {} did not stop", host, e);
        }
    }

    /** Takes no mail any more, once what is being taken has been submitted. */
    void closeSubmission() {
        open.ifPresent(each -> each.stop(LONGEST_MAIL));
        open = Optional.empty();
    }
}
