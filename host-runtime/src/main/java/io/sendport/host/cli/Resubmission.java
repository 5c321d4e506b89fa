package io.sendport.host.cli;

import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.Part;
import io.sendport.api.message.Properties;
import io.sendport.api.submit.Submission;
import io.sendport.config.Promotion;
import io.sendport.host.box.Actor;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A message of the box as a new submission. */
final class Resubmission {

    private final MessageBox box;
    private final MessageRow row;
    private final Actor actor;

    Resubmission(MessageBox box, MessageRow row, Actor actor) {
        this.box = box;
        this.row = row;
        this.actor = actor;
    }

    MessageRow row() {
        return row;
    }

    /**
     * With other properties, at another port, or with another body where one is given. What was read from the old body, made of the old
     * address or said of a failure does not count for the new message.
     */
    Submission submission(
            Optional<String> port, Map<String, String> properties, Optional<Path> file, List<Promotion> promotions) {
        Context context = box.queries().context(row).without(Properties.MESSAGE_ID.name());
        Set<String> stale = new HashSet<>();
        context.asMap().keySet().stream()
                .filter(name -> name.startsWith("ErrorReport."))
                .forEach(stale::add);
        if (properties.containsKey(Properties.OUTBOUND_LOCATION.name())) {
            context.asMap().keySet().stream()
                    .filter(name -> name.startsWith("SMTP."))
                    .forEach(stale::add);
        }
        if (file.isPresent()) {
            stale.add(Properties.MESSAGE_TYPE.name());
            stale.add(Properties.FILE_NAME.name());
            promotions.forEach(each -> stale.add(each.property()));
        }
        for (String name : stale) {
            context = context.without(name);
        }
        for (Map.Entry<String, String> each : properties.entrySet()) {
            context = context.with(each.getKey(), each.getValue());
        }
        if (file.isPresent() && !properties.containsKey(Properties.FILE_NAME.name())) {
            context =
                    context.with(Properties.FILE_NAME, String.valueOf(file.get().getFileName()));
        }
        List<Part> parts = new ArrayList<>();
        if (row.state().isEnd()) {
            Path given = file.orElseThrow(() -> new UsageException("message " + row.id() + " is "
                    + row.state().word() + ", and its parts are gone; give a FILE to send in their place"));
            parts.add(part(given));
        } else {
            Message message = box.inbox().load(row);
            box.acts().read(row, actor);
            parts.addAll(message.parts());
            file.ifPresent(given -> parts.set(0, part(given)));
        }
        return new Submission(port.orElse(row.port()), context, parts, Optional.empty(), actor.name());
    }

    private static Part part(Path file) {
        return FileParts.of(file, "body", "", String.valueOf(file.getFileName()));
    }
}
