package io.sendport.host.cli;

import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.Part;
import io.sendport.api.message.Properties;
import io.sendport.api.submit.Submission;
import io.sendport.host.box.Actor;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /** With other properties, at another port, or with another body where one is given. */
    Submission submission(Optional<String> port, Map<String, String> properties, Optional<Path> file) {
        Context context = box.queries().context(row).without(Properties.MESSAGE_ID.name());
        for (Map.Entry<String, String> each : properties.entrySet()) {
            context = context.with(each.getKey(), each.getValue());
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
