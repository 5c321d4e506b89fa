package io.sendport.host.operate;

import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** Shows and replaces the key that signs the ledger. */
public final class LedgerKeys {

    private final Checkpoints checkpoints;
    private final MessageBox box;

    LedgerKeys(Routing routing, MessageBox box) {
        this.checkpoints = Checkpoints.of(routing);
        this.box = box;
    }

    /**
     * A replacement of the signing key.
     *
     * @param from the fingerprint of the previous key
     * @param to the fingerprint of the new key
     */
    public record Rotation(String from, String to) {}

    /**
     * Returns the fingerprint of the current signing key.
     *
     * @throws RefusedException when the key cannot be used
     * @throws IOException when the key file cannot be read
     */
    public String fingerprint() throws IOException {
        try {
            return checkpoints.fingerprint();
        } catch (GeneralSecurityException e) {
            throw new RefusedException(
                    new Refusal.Conflict(
                            "cannot use the ledger's signing key: " + e.getMessage()
                                    + ". Check the *.ledger-key.pem file beside the message box, or checkpointKey of <auditLedger>"),
                    e);
        }
    }

    /**
     * Replaces the signing key. The current key signs the handover to the new key.
     *
     * @param successor a PEM file with the public half of the new key; if empty, Sendport creates a key and deletes the current one
     * @throws RefusedException when the handover cannot be signed
     * @throws IOException when a file cannot be read or written
     */
    public Rotation rotate(Optional<Path> successor, Actor actor) throws IOException {
        try {
            String from = checkpoints.fingerprint();
            Entry entry = successor.isPresent()
                    ? checkpoints.handOver(
                            box.ledger(), successor.get(), box.clock().instant())
                    : checkpoints.rotate(box.ledger(), box.clock().instant());
            box.ledger().record(entry.detail("actor", actor.name()).detail("reason", actor.reason()));
            return new Rotation(from, entry.headerText("newKey"));
        } catch (GeneralSecurityException e) {
            throw new RefusedException(new Refusal.Conflict("the handover cannot be signed: " + e.getMessage()), e);
        }
    }
}
