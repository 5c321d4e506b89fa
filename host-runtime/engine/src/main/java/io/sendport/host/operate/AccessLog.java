package io.sendport.host.operate;

import io.sendport.host.box.MessageBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;

/** Records granted and refused access, and views of personal data. Safe for use by several threads. */
public final class AccessLog {

    private final MessageBox box;

    AccessLog(MessageBox box) {
        this.box = box;
    }

    /**
     * Records that a user was refused, or that a user's rights changed; returns once it is on disk.
     *
     * @param what what happened; must not contain a secret
     */
    public void access(Actor actor, String what) {
        record(Kind.ACCESS, actor, what);
    }

    /** Records that a user views names, subjects or properties of messages; returns once it is on disk. */
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
