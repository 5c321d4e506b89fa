package io.sendport.host.operate;

import io.sendport.api.adapter.RecipientResult;
import io.sendport.config.Routing;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageList;
import io.sendport.host.box.MessageQueries;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.body.BodyKeyException;
import io.sendport.host.box.body.DamagedException;
import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.Instances;
import io.sendport.host.box.control.Report;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Kind;
import io.sendport.support.text.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads messages, and acts on them. Safe for use by several threads. */
public final class Messages {

    /**
     * The states of messages that may be in progress. A message that is claimed in memory is waiting or retrying until its attempt starts.
     */
    private static final Set<MessageState> MAY_BE_IN_PROGRESS =
            Set.of(MessageState.WAITING, MessageState.SENDING, MessageState.RETRYING);

    private final Routing routing;
    private final MessageBox box;

    Messages(Routing routing, MessageBox box) {
        this.routing = routing;
        this.box = box;
    }

    /**
     * Returns the matching messages, oldest first.
     *
     * @param limit the maximum number of messages, which are then the newest; empty for all
     * @throws RefusedException when the filter names a port or group that does not exist and has no messages
     */
    public List<MessageView> list(MessageFilter filter, Optional<Integer> limit) {
        return box.queries().list(resolvePorts(filter), limit).stream()
                .map(MessageView::of)
                .toList();
    }

    /**
     * Returns the newest matching messages before a position, as far as they are found within {@code timeout}. A query that takes longer is
     * canceled.
     *
     * @param before {@link MessagePage#next} of the previous page; empty for the first page
     * @param limit the maximum number of messages, from 1
     * @throws RefusedException as {@link #list}
     */
    public MessagePage<MessageView> page(MessageFilter filter, OptionalLong before, int limit, Duration timeout) {
        MessageList.Page page = rows(filter, before, limit, timeout);
        return new MessagePage<>(page.rows().stream().map(MessageView::of).toList(), page.next(), page.isWhole());
    }

    /** As {@link #page}, with recipients and answers. */
    public MessagePage<ListedMessage> listed(MessageFilter filter, OptionalLong before, int limit, Duration timeout) {
        MessageList.Page page = rows(filter, before, limit, timeout);
        Map<Long, List<RecipientResult>> recipients = box.attempts().recipients(page.rows());
        return new MessagePage<>(
                page.rows().stream()
                        .map(row -> ListedMessage.of(row, recipients.getOrDefault(row.seq(), List.of())))
                        .toList(),
                page.next(),
                page.isWhole());
    }

    private MessageList.Page rows(MessageFilter filter, OptionalLong before, int limit, Duration timeout) {
        return box.queries().page(resolvePorts(filter), before.orElse(Long.MAX_VALUE), limit, timeout);
    }

    /** As {@link #list}, without ended messages and without a limit. */
    public List<MessageView> open(MessageFilter filter) {
        return box.queries().list(resolvePorts(filter), Optional.empty()).stream()
                .filter(row -> !row.state().isEnd())
                .map(MessageView::of)
                .toList();
    }

    /** Adds the members of groups to the ports of the filter. The name of a removed port still finds its messages. */
    MessageFilter resolvePorts(MessageFilter filter) {
        Set<String> ports = new LinkedHashSet<>();
        for (String name : filter.ports()) {
            Set<String> matches = PortNames.matching(routing, name);
            if (matches.isEmpty() && !box.queries().isKnownPort(name)) {
                throw PortNames.unknown(routing, name);
            }
            ports.addAll(matches);
            ports.add(name);
        }
        return filter.of(ports);
    }

    /** Returns messages by their ids; see {@link #view}. */
    public List<MessageView> all(List<String> ids) {
        return ids.stream().map(this::view).toList();
    }

    /**
     * Returns a message by its id, or by a unique prefix of its id.
     *
     * @throws RefusedException when no message or several messages match, or {@code id} is malformed
     */
    public MessageView view(String id) {
        return shown(box, row(id));
    }

    static MessageView shown(MessageBox box, MessageRow row) {
        return MessageView.of(row, box.queries().shownState(row));
    }

    /**
     * Counts the matching messages for each combination of {@code fields}: port, host, state, application, error, day.
     *
     * @throws RefusedException when a field is unknown, or as {@link #list}
     */
    public Map<List<String>, Long> count(MessageFilter filter, List<String> fields) {
        try {
            return box.queries().count(resolvePorts(filter), fields);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(new Refusal.Invalid(String.valueOf(e.getMessage())), e);
        }
    }

    /**
     * As {@link #count(MessageFilter, List)}, but the database cancels the query after {@code timeout}.
     *
     * @throws RefusedException also when the query was canceled
     */
    public Map<List<String>, Long> count(MessageFilter filter, List<String> fields, Duration timeout) {
        try {
            return box.queries()
                    .count(resolvePorts(filter), fields, timeout)
                    .orElseThrow(() -> RefusedException.invalid("counting took longer than " + timeout.toSeconds()
                            + " s; narrow the filter by time or port"));
        } catch (IllegalArgumentException e) {
            throw new RefusedException(new Refusal.Invalid(String.valueOf(e.getMessage())), e);
        }
    }

    /** Returns all data of a message except its content; see {@link #view} for the id. */
    public MessageDetails details(String id) {
        return details(row(id));
    }

    /** Returns the history of a message; see {@link #view} for the id. */
    public MessageHistory story(String id) {
        MessageRow row = row(id);
        List<MessageQueries.Attempt> attempts = box.queries().attempts(row);
        List<AuditRecord> records = new ArrayList<>();
        box.ledger().read(AuditFilter.ofMessage(row.id().value()), records::add);
        return new MessageHistory(
                details(row),
                records.stream()
                        .map(each -> MessageHistory.event(each, attempts))
                        .toList());
    }

    private MessageDetails details(MessageRow row) {
        Map<String, String> properties = new LinkedHashMap<>();
        box.queries().context(row).asMap().forEach((name, value) -> properties.put(name, value.toString()));
        Set<MessageAct> acts = new TreeSet<>();
        MessageAct.Seen seen = box.attempts().seen(row);
        Arrays.stream(MessageAct.values())
                .filter(act -> act.fits(row, () -> seen))
                .forEach(acts::add);
        acts.remove(MessageAct.ROUTE);
        return new MessageDetails(
                shown(box, row),
                row.endedAt(),
                properties,
                box.attempts().withoutBytes(row).stream()
                        .map(MessageDetails.Delivery::of)
                        .toList(),
                acts,
                row.steps(),
                box.inbox().hasContent(row),
                step(row));
    }

    /** The current step of the message, if a running instance reports it. */
    private Optional<Report.Step> step(MessageRow row) {
        Set<String> alive =
                box.instances().alive().stream().map(Instances.Instance::id).collect(Collectors.toSet());
        return MAY_BE_IN_PROGRESS.contains(row.state())
                ? box.reports().step(row.id(), alive).map(Map.Entry::getValue)
                : Optional.empty();
    }

    /**
     * Performs {@code acts} on a message in order, and records each. Stops at the first act that is not allowed.
     *
     * @param id see {@link #view}
     * @return why an act was not done; empty when all were done
     */
    public Optional<Refusal> act(List<MessageAct> acts, String id, Actor actor) {
        MessageRow row = row(id);
        for (MessageAct act : acts) {
            Optional<String> fault = box.acts().act(act, row, actor);
            if (fault.isPresent()) {
                return Optional.of(new Refusal.Conflict(fault.get()));
            }
        }
        return Optional.empty();
    }

    /**
     * Performs {@code act} on a message, if the message has not changed since {@code version}.
     *
     * @param version see {@link MessageDetails#version}
     * @return why the act was not done; empty when it was done
     */
    public Optional<Refusal> actIfUnchanged(MessageAct act, String id, long version, Actor actor) {
        MessageRow row = row(id);
        if (row.steps() != version) {
            return Optional.of(changed(row));
        }
        return box.acts()
                .actIfUnchanged(act, row, actor)
                // The reason may be that the message has changed during this call.
                .map(why -> row(id).steps() == version ? new Refusal.Conflict(why) : changed(row));
    }

    /**
     * Checks that a message has not changed since {@code version}.
     *
     * @param version see {@link MessageDetails#version}
     * @throws RefusedException when the message has changed
     */
    public void requireUnchanged(String id, long version) {
        MessageRow row = row(id);
        if (row.steps() != version) {
            throw new RefusedException(changed(row));
        }
    }

    private static Refusal changed(MessageRow row) {
        return new Refusal.Changed(
                "message " + row.id() + " has changed since you looked at it; nothing was done. Look again");
    }

    /** Whether {@code name} has submitted the message; see {@link #view} for the id. */
    public boolean isSubmittedBy(String id, String name) {
        return box.ledger().records(row(id).id(), Kind.SUBMITTED).stream()
                .anyMatch(each -> each.detail("actor").equals(name));
    }

    /**
     * Returns the content of a message. Records the access on the ledger first.
     *
     * @throws RefusedException when the content was deleted or is damaged, or its key is missing
     */
    public MessageContent content(String id, Actor actor) {
        try {
            return MessageContent.read(box, row(id), actor);
        } catch (BodyKeyException | DamagedException e) {
            throw new RefusedException(new Refusal.Conflict(String.valueOf(e.getMessage())), e);
        }
    }

    /**
     * Writes properties, parts and sealed mails into new files that only their owner may read. Records the access on the ledger first.
     *
     * @return the files
     * @throws RefusedException when the content was deleted or is damaged, its key is missing, {@code folder} cannot be written, or one
     *     of the files exists
     * @throws IOException when a part cannot be read
     */
    public List<Path> save(String id, Path folder, Actor actor) throws IOException {
        try {
            return SavedMessage.write(box, row(id), folder, actor);
        } catch (BodyKeyException | DamagedException e) {
            throw new RefusedException(new Refusal.Conflict(String.valueOf(e.getMessage())), e);
        }
    }

    MessageRow row(String id) {
        return row(box, id);
    }

    static MessageRow row(MessageBox box, String id) {
        String prefix = id.toLowerCase(Locale.ROOT).replaceAll("[{}<>]", "").replaceAll("@.*", "");
        if (!prefix.matches("[0-9a-f-]{1,36}")) {
            throw RefusedException.invalid("\"" + Text.printable(id) + "\" is not a message id");
        }
        List<MessageRow> found = box.queries().byPrefix(prefix);
        if (found.isEmpty()) {
            throw RefusedException.notFound("message " + prefix + " does not exist");
        }
        if (found.size() > 1) {
            // Do not name their ids, because the caller may not be allowed to see these messages.
            throw new RefusedException(new Refusal.Ambiguous(
                    "several messages have an id that starts with " + prefix + "; give more of the id"));
        }
        return found.get(0);
    }
}
