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
 * Applies a changed configuration in a running process: the whole configuration, or nothing if it has an error. Records each active
 * configuration on the ledger. Any thread may call {@link #fault} and {@link #end}; only one thread at a time may call the other methods.
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
     * @param watch detects changed files
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

    /** Answers reload requests, and applies changed files. */
    void follow() {
        if (ended) {
            return;
        }
        for (HostInstance instance : instances.running()) {
            for (Reloads.Request request : box.reloads().asked(instance.id())) {
                Reloads.Answer answer = reload(request.dry(), request.actor());
                if (!request.dry()) {
                    // The operator may have corrected an account on the server, which changes no file.
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
        HostInstances.PreparedChange prepared;
        String stamp = watch.stamp();
        String keptPorts;
        try {
            Revision found = source.read();
            next = found.after(instances.revision());
            keptPorts = describeKeptPorts(found, next);
            change = instances.changeTo(next);
            if (change.storeLogin() && !dry) {
                // Log on first: later steps may need a new connection.
                box.store().logOnAs(next.configuration().messageBox());
            }
            if (dry || change.isEmpty()) {
                if (!dry) {
                    setFault(keptPorts);
                }
                List<String> lines =
                        Stream.concat(change.told().stream(), keptPorts.lines()).toList();
                return new Reloads.Answer(
                        keptPorts.isEmpty(),
                        lines.isEmpty()
                                ? "the configuration is unchanged"
                                        + (dry ? "; nothing would restart" : "; nothing was restarted")
                                : String.join("\n", lines));
            }
            prepared = instances.prepare(next, change);
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
        List<String> report = new ArrayList<>(change.told());
        disclose(next.configuration());
        List<String> faults = instances.activate(prepared);
        submissionService.follow(Routing.of(next.configuration()));
        watch.follow(next.configuration(), stamp);
        setFault(keptPorts);
        report.forEach(each ->
                LOG.info("configuration {}: {}", next.configuration().sha256().substring(0, 8), each));
        faults.forEach(each -> LOG.error("{}; will retry", each));
        report.addAll(keptPorts.lines().toList());
        report.addAll(faults);
        try {
            record(actor);
            followStates.run();
        } catch (StoreException e) {
            report.add("the change is active but could not be recorded on the ledger: " + e.getMessage());
        }
        return new Reloads.Answer(faults.isEmpty() && keptPorts.isEmpty(), String.join("\n", report));
    }

    private void setFault(String text) {
        fault = text;
        text.lines().forEach(LOG::error);
    }

    /** Describes the ports that keep their previous files because a file is broken now, one per line; empty when there are none. */
    private static String describeKeptPorts(Revision found, Revision next) {
        return found.wrongPorts().entrySet().stream()
                .filter(wrong -> !next.wrongPorts().containsKey(wrong.getKey()))
                .map(wrong -> "port " + wrong.getKey() + " keeps its previous files: " + wrong.getValue())
                .collect(Collectors.joining("\n"));
    }

    /** Why the last changed configuration, or a part of it, is not active; empty when all of it is. */
    String fault() {
        return fault;
    }

    /** Stops applying changes. */
    void end() {
        ended = true;
    }
}
