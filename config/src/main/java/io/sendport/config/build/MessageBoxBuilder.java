package io.sendport.config.build;

import io.sendport.api.settings.Secret;
import java.nio.file.Path;
import java.time.Duration;

/** Builds {@code <messageBox>}. Not thread-safe. */
public final class MessageBoxBuilder extends ElementBuilder<MessageBoxBuilder> {

    MessageBoxBuilder(Node node) {
        super(node);
    }

    /** Keeps messages in an SQLite file. */
    public MessageBoxBuilder sqlite(Path file) {
        return set("url", "jdbc:sqlite:" + file);
    }

    /** Keeps messages in PostgreSQL. */
    public MessageBoxBuilder postgresql(String url, String user, Secret password) {
        return set("url", url).set("user", user).set("password", password);
    }

    /**
     * Sets the folder of this machine for the spool, the ledger's key and its checkpoints, with PostgreSQL; the default is {@code var} in
     * the folder of the configuration.
     */
    public MessageBoxBuilder folder(Path folder) {
        return set("folder", folder);
    }

    /** Sets how long bodies and mails are kept after the end of a message; the default is zero. */
    public MessageBoxBuilder keepBodies(Duration time) {
        return retention("bodies", time);
    }

    /** Sets how long messages are kept after their end; the default is 30 days. */
    public MessageBoxBuilder keepMessages(Duration time) {
        return retention("messages", time);
    }

    /** Sets how long the records of the audit ledger are kept; the default is 10 years. */
    public MessageBoxBuilder keepAudit(Duration time) {
        return retention("audit", time);
    }

    private MessageBoxBuilder retention(String attribute, Duration time) {
        node.one("retention").set(attribute, time.toString(), false);
        return this;
    }

    /** Sets the limits at which submissions are refused: the total bytes of all bodies, and the minimum free disk space in bytes. */
    public MessageBoxBuilder limits(long maxBytes, long minFree) {
        new AnyElement(node.one("limits")).set("maxBytes", maxBytes).set("minFree", minFree);
        return this;
    }
}
