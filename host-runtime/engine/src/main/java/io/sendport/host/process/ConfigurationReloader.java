package io.sendport.host.process;

import io.sendport.config.Configuration;
import io.sendport.config.ConfigurationChange;
import io.sendport.config.HostSettings;
import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.Reloads;
import io.sendport.host.ledger.Disclosure;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.privacy.Pseudonyms;
import io.sendport.host.run.submit.SubmissionService;
import io.sendport.host.store.commit.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a changed configuration in a running process: all of it or, if anything is wrong, nothing. Each active configuration is
 * recorded on the ledger. Any thread may call {@link #fault} and {@link #end}; only one thread at a time may call the other
 * methods.
 */
final class ConfigurationReloader {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationReloader.class);

    private final Revision.Source source;
    private final ConfigurationWatch watch;
    private final MessageBox box;
    private final Pseudonyms pseudonyms;
    private final SubmissionService submissionService;
    private final HostInstances instances;
    private final Runnable followStates;
    private volatile String fault = "";
    private volatile boolean ended;

    /**
     * Applies configurations that {@code source} reads.
     *
     * @param watch knows whether the files have changed
     * @param followStates starts and stops ports according to their states
     */
    ConfigurationReloader(
            Revision.Source source,
            ConfigurationWatch watch,
            MessageBox box,
            Pseudonyms pseudonyms,
            SubmissionService submissionService,
            HostInstances instances,
            Runnable followStates) {
        this.source = source;
        this.watch = watch;
        this.box = box;
        this.pseudonyms = pseudonyms;
        this.submissionService = submissionService;
        this.instances = instances;
        this.followStates = followStates;
    }

    /** Applies the disclosure settings of the active configuration to the ledger. */
    void disclose() {
        disclose(instances.revision().configuration());
    }

    private void disclose(Configuration configuration) {
        Map<String, Disclosure> byHost = new HashMap<>();
        for (HostSettings host : configuration.hosts()) {
            byHost.put(host.name(), pseudonyms.disclosure(host.audit()));
        }
        box.ledger().discloseBy(host -> byHost.getOrDefault(host, Disclosure.PLAIN));
    }

    /** Records that {@code actor} activated the configuration. */
    void record(Actor actor) {
        Configuration configuration = instances.revision().configuration();
        box.ledger()
                .record(Entry.of(Kind.CONFIG_LOADED)
                        .header("sha256", configuration.sha256())
                        .detail("actor", actor.name())
                        .detail("reason", actor.reason())
                        .detail("detail", configuration.file().toString()));
    }

    /** Applies changed files, and answers reload requests. */
    void follow() {
        if (ended) {
            return;
        }
        for (HostInstance instance : instances.running()) {
            for (Reloads.Wish request : box.reloads().asked(instance.id())) {
                Reloads.Answer answer = reload(request.dry(), request.actor());
                if (!request.dry()) {
                    // The user may have fixed an account at the server, which changes no file.
                    instances.running().forEach(HostInstance::resumePorts);
                }
                box.reloads().answer(request, answer);
            }
        }
        if (watch.hasChanged()) {
            reload(false, new Actor("configuration file", "changed"));
        }
    }

    private Reloads.Answer reload(boolean dry, Actor actor) {
        ConfigurationChange change;
        Revision next;
        HostInstances.PreparedChange succession;
        String stamp = watch.stamp();
        String kept;
        try {
            Revision found = source.read();
            next = found.after(instances.revision());
            kept = broken(found, next);
            change = instances.changeTo(next);
            if (change.storeLogin() && !dry) {
                // Do this first: later steps may need a new connection.
                box.store().logOnAs(next.configuration().messageBox());
            }
            if (dry || change.isEmpty()) {
                if (!dry) {
                    setFault(kept);
                }
                List<String> lines =
                        Stream.concat(change.told().stream(), kept.lines()).toList();
                return new Reloads.Answer(
                        kept.isEmpty(),
                        lines.isEmpty()
                                ? "the configuration is unchanged"
                                        + (dry ? "; nothing would restart" : "; nothing was restarted")
                                : String.join("\n", lines));
            }
            succession = instances.prepare(next, change);
        } catch (Exception | LinkageError | StackOverflowError e) {
            String why = e.getMessage() == null || e.getMessage().isBlank() ? e.toString() : e.getMessage();
            if (!dry) {
                fault = why;
                why.lines()
                        .forEach(line -> LOG.error(
                                "The new configuration was rejected; the previous one stays active: {}", line));
            }
            return new Reloads.Answer(
                    false,
                    why
                            + (dry
                                    ? "\nThe configuration has errors. A reload would be rejected."
                                    : "\nThe new configuration was rejected. The previous one stays active. Correct the files,"
                                            + " then reload"));
        }
        List<String> told = new ArrayList<>(change.told());
        disclose(next.configuration());
        List<String> faults = instances.activate(succession);
        submissionService.follow(Routing.of(next.configuration()));
        watch.follow(next.configuration(), stamp);
        setFault(kept);
        told.forEach(each ->
                LOG.info("configuration {}: {}", next.configuration().sha256().substring(0, 8), each));
        faults.forEach(each -> LOG.error("{}; will retry", each));
        told.addAll(kept.lines().toList());
        told.addAll(faults);
        try {
            record(actor);
            followStates.run();
        } catch (StoreException e) {
            told.add("the change is active but could not be recorded on the ledger: " + e.getMessage());
        }
        return new Reloads.Answer(faults.isEmpty() && kept.isEmpty(), String.join("\n", told));
    }

    private void setFault(String kept) {
        fault = kept;
        kept.lines().forEach(LOG::error);
    }

    /** The ports that keep their previous files because a file is broken now; empty when there are none. */
    private static String broken(Revision found, Revision kept) {
        return found.wrongPorts().entrySet().stream()
                .filter(wrong -> !kept.wrongPorts().containsKey(wrong.getKey()))
                .map(wrong -> "port " + wrong.getKey() + " keeps its previous files: " + wrong.getValue())
                .collect(Collectors.joining("\n"));
    }

    /** Why the last changed configuration is not active; empty when it is. */
    String fault() {
        return fault;
    }

    /** Stops applying changes. */
    void end() {
        ended = true;
    }
}
