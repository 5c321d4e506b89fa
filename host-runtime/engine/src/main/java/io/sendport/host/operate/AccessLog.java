package io.sendport.host.operate;

import io.sendport.host.box.MessageBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;

/** Records changed rights, refused access and views of personal data on the ledger. Safe for use by several threads. */
public final class AccessLog {

    private final MessageBox box;

    AccessLog(MessageBox box) {
        this.box = box;
    }

    /**
     * Records that access was refused to a user, or that the rights of a user changed. Returns once the record is on disk.
     *
     * @param what describes the event; must not contain a secret
     */
    public void access(Actor actor, String what) {
        record(Kind.ACCESS, actor, what);
    }

    /** Records that a user views names, subjects or properties of messages. Returns once the record is on disk. */
    public void reading(Actor actor, String what) {
        record(Kind.READ, actor, what);
    }

    private void record(Kind kind, Actor actor, String what) {
        box.ledger()
                .record(Entry.of(kind)
                        .detail("actor", actor.name())
                        .detail("reason", actor.reason())
                        .detail("detail", what));
    }
}
