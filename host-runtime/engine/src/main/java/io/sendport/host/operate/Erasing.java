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

/** Deletes data about a person: private parts of records, and rows of ended messages. The chain of records stays intact. */
public final class Erasing {

    private final Routing routing;
    private final MessageBox box;

    Erasing(Routing routing, MessageBox box) {
        this.routing = routing;
        this.box = box;
    }

    /** Counts what would be erased, without erasing. */
    public PersonalData.Erased preview(String recipient, Actor actor) throws IOException, GeneralSecurityException {
        return data().erase(Audit.names(recipient, routing), true, actor);
    }

    /**
     * Erases it permanently.
     *
     * @throws IOException when the deletion cannot be signed; what was erased before stays erased
     * @throws GeneralSecurityException as before
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
