package io.sendport.host.box.control;

import io.sendport.host.store.Store;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Passes requests to reload the configuration from a command to running instances, and their answers back. */
public final class Reloads {

    private final Store store;
    private final Clock clock;

    public Reloads(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * A request to reload.
     *
     * @param no its number
     * @param instance the instance that must reload
     * @param dry whether only to report the changes
     * @param actor who requests it, and why
     */
    public record Request(long no, String instance, boolean dry, Actor actor) {}

    /**
     * An instance's answer.
     *
     * @param good whether it did what was requested
     * @param said the text of the answer, in lines
     */
    public record Answer(boolean good, String said) {}

    /** Stores a request for {@code instance}; returns its number. */
    public long ask(String instance, boolean dry, Actor actor) {
        return store.write(transaction -> transaction
                .handle()
                .createQuery(
                        "INSERT INTO reload (instance, dry, actor, reason, asked_at) VALUES (?, ?, ?, ?, ?) RETURNING no")
                .bind(0, instance)
                .bind(1, dry ? 1 : 0)
                .bind(2, actor.name())
                .bind(3, actor.reason())
                .bind(4, clock.millis())
                .mapTo(Long.class)
                .one());
    }

    /** The requests that {@code instance} has not answered, in order. */
    public List<Request> asked(String instance) {
        return store.read(handle -> handle.createQuery(
                        "SELECT no, instance, dry, actor, reason FROM reload WHERE instance = ? AND answered_at IS NULL ORDER BY no")
                .bind(0, instance)
                .map((row, context) -> new Request(
                        row.getLong(1),
                        row.getString(2),
                        row.getInt(3) == 1,
                        new Actor(row.getString(4), row.getString(5))))
                .list());
    }

    /** Answers a request. */
    public void answer(Request request, Answer answer) {
        store.change(transaction -> transaction
                .handle()
                .execute(
                        "UPDATE reload SET answered_at = ?, good = ?, said = ? WHERE no = ?",
                        clock.millis(),
                        answer.good() ? 1 : 0,
                        answer.said(),
                        request.no()));
    }

    /** The answer to request {@code no}; empty while there is none. */
    public Optional<Answer> answerTo(long no) {
        return store.read(
                handle -> handle.createQuery("SELECT good, said FROM reload WHERE no = ? AND answered_at IS NOT NULL")
                        .bind(0, no)
                        .map((row, context) -> new Answer(row.getInt(1) == 1, row.getString(2)))
                        .findOne());
    }
}
