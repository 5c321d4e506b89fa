package io.sendport.host.operate;

import io.sendport.api.message.Context;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.config.Promotion;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.control.Actor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How to resubmit a message. The new message does not get properties that were promoted from a replaced body, derived from a replaced
 * address, or set by failed message routing.
 *
 * @param port the send port; empty for the port of the old message
 * @param properties properties that replace those of the old message
 * @param body the new body; empty for the old body; required if the content of the message was deleted
 */
public record Resubmission(Optional<String> port, Map<String, String> properties, Optional<Part> body) {

    /**
     * Creates the new submission. Records the access to the old content on the ledger before it is read.
     *
     * @param old the properties of the old message
     * @throws RefusedException when the content of the message was deleted and there is no new body
     */
    Submission create(MessageRow row, Context old, MessageBox box, Actor actor, List<Promotion> promotions) {
        return new Submission(
                port.orElse(row.port()),
                context(
                        old.without(MessageProperties.MESSAGE_ID.name()).without(MessageProperties.REDIRECT_TO.name()),
                        promotions),
                parts(row, box, actor),
                Optional.empty(),
                actor.name());
    }

    private Context context(Context before, List<Promotion> promotions) {
        Context context = before;
        for (String name : stale(before, promotions)) {
            context = context.without(name);
        }
        for (Map.Entry<String, String> each : properties.entrySet()) {
            context = context.with(each.getKey(), each.getValue());
        }
        Optional<String> fileName = body.flatMap(Part::fileName);
        return fileName.isPresent() && !properties.containsKey(MessageProperties.FILE_NAME.name())
                ? context.with(MessageProperties.FILE_NAME, fileName.get())
                : context;
    }

    private Set<String> stale(Context before, List<Promotion> promotions) {
        Set<String> stale = new HashSet<>();
        Set<String> names = before.asMap().keySet();
        names.stream().filter(name -> name.startsWith("ErrorReport.")).forEach(stale::add);
        if (properties.containsKey(MessageProperties.OUTBOUND_LOCATION.name())) {
            names.stream().filter(name -> name.startsWith("SMTP.")).forEach(stale::add);
        }
        if (body.isPresent()) {
            stale.add(MessageProperties.MESSAGE_TYPE.name());
            stale.add(MessageProperties.FILE_NAME.name());
            promotions.forEach(each -> stale.add(each.property()));
        }
        return stale;
    }

    private List<Part> parts(MessageRow row, MessageBox box, Actor actor) {
        if (row.state().isEnd() && !box.inbox().hasContent(row)) {
            return List.of(body.orElseThrow(() -> RefusedException.conflict("message " + row.id() + " is "
                    + row.state().word() + ", and its content was deleted; give a FILE to send instead")));
        }
        box.acts().recordRead(row, actor);
        List<Part> parts = new ArrayList<>(box.inbox().load(row).parts());
        body.ifPresent(given -> parts.set(0, given));
        return parts;
    }
}
