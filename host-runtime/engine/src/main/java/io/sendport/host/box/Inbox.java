package io.sendport.host.box;

import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Receipt;
import io.sendport.host.box.body.BodyKeyException;
import io.sendport.host.box.body.BodyPlace;
import io.sendport.host.box.body.BodyStore;
import io.sendport.host.box.body.ContentDigest;
import io.sendport.host.box.body.DamagedException;
import io.sendport.host.box.json.ContextJson;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.StoreException;
import io.sendport.host.store.commit.Transaction;
import io.sendport.host.store.sql.Sql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores messages in the message box, and loads them with their parts. */
public final class Inbox {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    private final Store store;
    private final Ledger ledger;
    private final DedupeKeys dedupeKeys;
    private final BodyStore bodies;
    private final MessageCache recent = new MessageCache();
    private final ReadyMessages ready;
    private final SubmittedContent content;

    Inbox(Store store, Ledger ledger, Clock clock, Retention retention, BodyStore bodies, ReadyMessages ready) {
        this.ready = ready;
        this.store = store;
        this.ledger = ledger;
        this.dedupeKeys = new DedupeKeys(clock, retention);
        this.bodies = bodies;
        this.content = new SubmittedContent(store, bodies);
    }

    /**
     * Stores the message with its record; returns once both are on disk.
     *
     * @throws IOException when a body cannot be read
     */
    public Receipt put(NewMessage message) throws IOException {
        return put(List.of(message)).get(0);
    }

    /**
     * Stores all messages or none.
     *
     * @throws IOException when a body cannot be read
     */
    public List<Receipt> put(List<NewMessage> messages) throws IOException {
        return put(messages, JointWrite.NONE);
    }

    /**
     * As {@link #put(List)}, with {@code joint} in the same transaction.
     *
     * @throws IOException when a body cannot be read
     */
    public List<Receipt> put(List<NewMessage> messages, JointWrite joint) throws IOException {
        // Each message gets its own copy, because they end at different times.
        List<Content> contents = new ArrayList<>();
        List<BodyStore.Stored> all = new ArrayList<>();
        try {
            for (NewMessage message : messages) {
                List<BodyStore.Stored> stored = new ArrayList<>();
                for (Part part : message.parts()) {
                    stored.add(bodies.put(part.body(), BodyPlace.part(message.id(), stored.size())));
                    all.add(stored.get(stored.size() - 1));
                }
                contents.add(content(message, stored));
            }
        } catch (IOException | RuntimeException e) {
            bodies.discard(all, e);
            throw e;
        }
        // Cache them before they can be claimed.
        for (int i = 0; i < messages.size(); i++) {
            contents.get(i).inMemory(messages.get(i)).ifPresent(recent::keep);
        }
        ready.arriving(messages);
        List<Placed> placed = List.of();
        List<Receipt> receipts = List.of();
        try {
            placed = store.write(transaction -> {
                transaction.requireNewWork();
                joint.before(transaction);
                List<Placed> each = new ArrayList<>();
                for (int i = 0; i < messages.size(); i++) {
                    each.add(put(transaction, messages.get(i), contents.get(i)));
                }
                joint.after(transaction, receipts(each));
                return each;
            });
            receipts = receipts(placed);
        } finally {
            ready.arrived(
                    messages,
                    placed.stream().flatMap(each -> each.row().stream()).toList());
            for (int i = 0; i < messages.size(); i++) {
                if (receipts.isEmpty() || receipts.get(i).duplicate()) {
                    recent.take(messages.get(i).id());
                }
            }
        }
        for (int i = 0; i < messages.size(); i++) {
            if (receipts.get(i).duplicate()) {
                discardDuplicate(contents.get(i));
            }
        }
        return receipts;
    }

    /** Deletes the content of a duplicate. The first message is stored already, so a failure here does not matter. */
    private void discardDuplicate(Content duplicate) {
        for (PartContent each : duplicate.parts()) {
            String chunks = each.body().chunks();
            try {
                if (chunks != null) {
                    bodies.delete(chunks);
                }
            } catch (StoreException e) {
                LOG.warn(
                        "cannot delete the content of a duplicate message: {}. Nothing needs to be done: the cleanup"
                                + " deletes it after a day",
                        e.getMessage());
            }
        }
    }

    /** Stores a message within {@code transaction}. Its parts must be small and in memory. */
    void putSmall(Transaction transaction, NewMessage message) {
        try {
            List<BodyStore.Stored> stored = new ArrayList<>();
            for (Part part : message.parts()) {
                stored.add(bodies.small(part.body(), BodyPlace.part(message.id(), stored.size())));
            }
            put(transaction, message, content(message, stored));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The values for the rows of a message, and its record. They are prepared before the write, to keep the committing thread free.
     *
     * @param bodies identifies the content for {@link DedupeKeys}; empty if the message has no dedupe key
     */
    private record Content(
            String context, List<PartContent> parts, long size, String digest, String bodies, Entry submitted) {

        /** The message as it will be loaded; empty when a part is too large to stay in memory. */
        Optional<Message> inMemory(NewMessage message) {
            List<Part> all = new ArrayList<>();
            for (PartContent each : parts) {
                byte[] bytes = each.body().inline();
                if (bytes == null) {
                    return Optional.empty();
                }
                all.add(new Part(
                        each.part().name(),
                        each.part().contentType(),
                        ContextJson.read(each.context()),
                        Body.wrapping(bytes)));
            }
            Instant at = Instant.ofEpochMilli(message.submittedAt().toEpochMilli());
            return Optional.of(new Message(message.id(), at, ContextJson.read(context), all));
        }
    }

    private Content content(NewMessage message, List<BodyStore.Stored> stored) {
        String context = ContextJson.write(message.context());
        ContentDigest digest = new ContentDigest(context);
        List<PartContent> parts = new ArrayList<>();
        for (int no = 0; no < stored.size(); no++) {
            Part part = message.parts().get(no);
            PartContent content = new PartContent(part, ContextJson.write(part.context()), stored.get(no));
            digest.add(
                    part.name(),
                    part.contentType(),
                    content.context(),
                    content.body().sha256());
            parts.add(content);
        }
        long size = parts.stream().mapToLong(each -> each.body().size()).sum();
        String hex = digest.hex();
        Entry submitted = Entry.of(Kind.SUBMITTED)
                .about(message.id(), message.port(), 1)
                .header("host", message.host())
                .header("size", size)
                .header("content", hex)
                .header("source", message.sourceId().map(MessageId::value).orElse(""))
                .detail("actor", message.actor())
                .detail("dedupeKey", message.dedupeKey().orElse(""))
                .detail("properties", message.audited());
        String fingerprint = message.dedupeKey().isPresent()
                ? DedupeKeys.fingerprint(
                        stored.stream().map(BodyStore.Stored::sha256).toList())
                : "";
        return new Content(context, parts, size, hex, fingerprint, ledger.prepared(submitted));
    }

    private record PartContent(Part part, String context, BodyStore.Stored body) {}

    /**
     * The result of storing one message.
     *
     * @param row the row that was stored; empty for a duplicate, and if the store does not return the row's number at once
     */
    private record Placed(Receipt receipt, Optional<MessageRow> row) {}

    private static List<Receipt> receipts(List<Placed> placed) {
        return placed.stream().map(Placed::receipt).toList();
    }

    private Placed put(Transaction transaction, NewMessage message, Content content) {
        Handle handle = transaction.handle();
        Optional<MessageId> earlier =
                message.dedupeKey().flatMap(key -> dedupeKeys.claim(handle, message, key, content.bodies()));
        if (earlier.isPresent()) {
            ledger.append(
                    transaction,
                    Entry.of(Kind.DUPLICATE)
                            .header("port", message.port())
                            .header("host", message.host())
                            .header("duplicateOf", earlier.get().value())
                            .detail("actor", message.actor()));
            return new Placed(new Receipt(earlier.get(), message.port(), true), Optional.empty());
        }
        transaction.signalWork();
        Ledger.Head place = ledger.append(transaction, content.submitted());
        OptionalLong seq = insert(transaction.sql(), message, content, place);
        for (int no = 0; no < content.parts().size(); no++) {
            insertPart(transaction.sql(), seq, message.id(), no, content.parts().get(no));
        }
        return new Placed(
                new Receipt(message.id(), message.port(), false),
                seq.isPresent()
                        ? Optional.of(MessageRow.stored(seq.getAsLong(), message, content.size()))
                        : Optional.empty());
    }

    private static OptionalLong insert(Sql sql, NewMessage message, Content content, Ledger.Head place) {
        return sql.insert(
                "INSERT INTO message (id, port, host, application, state, queued, submitted_at, due_at, steps, size,"
                        + " context, source_id, digest, ledger_lane, ledger_seq)"
                        + " VALUES (?, ?, ?, ?, 'WAITING', 1, ?, ?, 1, ?, ?, ?, ?, ?, ?)",
                message.id().value(),
                message.port(),
                message.host(),
                message.application(),
                message.submittedAt().toEpochMilli(),
                message.submittedAt().toEpochMilli(),
                content.size(),
                content.context(),
                message.sourceId().map(MessageId::value).orElse(null),
                content.digest(),
                place.lane(),
                place.seq());
    }

    private static void insertPart(Sql sql, OptionalLong seq, MessageId id, int no, PartContent content) {
        sql.change(
                "INSERT INTO part (message_seq, no, name, content_type, context, size, body, body_id, sha256, lead, key_id)"
                        + " VALUES (" + (seq.isPresent() ? "?" : "(SELECT seq FROM message WHERE id = ?)")
                        + ", ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                seq.isPresent() ? (Object) seq.getAsLong() : id.value(),
                no,
                content.part().name(),
                content.part().contentType(),
                content.context(),
                content.body().size(),
                content.body().inRow(),
                content.body().chunks(),
                content.body().sha256(),
                content.body().form().lead(),
                content.body().form().keyId());
    }

    /**
     * Loads a claimed message as {@link #load} does. A message that this process has just stored comes from memory, but only once.
     *
     * @throws Attempts.ChangedException when the message is claimed in memory, and another act ended it and deleted its bodies
     */
    public Message next(MessageRow row) {
        try {
            return recent.take(row.id()).orElseGet(() -> load(row));
        } catch (ContentDeletedException e) {
            throw row.isLeased() ? e : Attempts.LeaseLostException.beforeStart(row);
        }
    }

    /**
     * The message with its parts, as it was submitted.
     *
     * @throws IllegalStateException when retention deleted its bodies after it ended
     * @throws DamagedException when it differs from what was submitted
     * @throws BodyKeyException when a body is encrypted and the key is not available
     */
    public Message load(MessageRow row) {
        return content.load(row);
    }

    /** Whether the parts of a message are still there. */
    public boolean hasContent(MessageRow row) {
        return content.hasParts(row);
    }
}
