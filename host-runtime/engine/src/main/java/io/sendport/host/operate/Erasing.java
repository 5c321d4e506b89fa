package io.sendport.host.operate;

import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.PersonalData;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.privacy.AuditorCopies;
import io.sendport.host.ledger.privacy.Erasure;
import java.io.IOException;
import java.security.GeneralSecurityException;

/** Erases the data about a person: private parts of ledger records, and rows of ended messages. The chains of records stay valid. */
public final class Erasing {

    private final Routing routing;
    private final MessageBox box;

    Erasing(Routing routing, MessageBox box) {
        this.routing = routing;
        this.box = box;
    }

    /**
     * Counts the data about {@code recipient} that {@link #erase} would erase.
     *
     * @throws IOException when a file cannot be read
     * @throws GeneralSecurityException when a key cannot be used
     */
    public PersonalData.Erased preview(String recipient, Actor actor) throws IOException, GeneralSecurityException {
        return data().erase(Audit.names(recipient, routing), true, actor);
    }

    /**
     * Erases the data about {@code recipient} permanently.
     *
     * @throws IOException when a file cannot be written; data that was erased before stays erased
     * @throws GeneralSecurityException when the erasure cannot be signed; data that was erased before stays erased
     */
    public PersonalData.Erased erase(String recipient, Actor actor) throws IOException, GeneralSecurityException {
        return data().erase(Audit.names(recipient, routing), false, actor);
    }

    private PersonalData data() {
        Checkpoints checkpoints = Checkpoints.of(routing);
        return new PersonalData(
                box,
                new Erasure(box.store(), box.ledger(), checkpoints),
                AuditorCopies.of(routing.messageBox().place(), routing.auditLedger()));
    }
}
