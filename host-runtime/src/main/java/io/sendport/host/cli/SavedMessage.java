package io.sendport.host.cli;

import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.api.message.Part;
import io.sendport.host.box.Actor;
import io.sendport.host.box.DeliveryRow;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A message written to a folder, for its owner's eyes. */
final class SavedMessage {

    private SavedMessage() {}

    static List<Path> write(MessageBox box, MessageRow row, Path folder, Actor actor) throws IOException {
        if (row.state().isEnd()) {
            throw new UsageException(
                    "message " + row.id() + " is " + row.state().word() + "; its parts were dropped when it ended");
        }
        box.acts().read(row, actor);
        OwnerOnly.createFolder(folder);
        Message message = box.inbox().load(row);
        List<Path> written = new ArrayList<>();
        Path context = folder.resolve("context.json");
        OwnerOnly.create(context);
        Files.writeString(context, Output.json(new java.util.TreeMap<>(texts(message))) + "\n");
        written.add(context);
        for (int no = 0; no < message.parts().size(); no++) {
            Part part = message.parts().get(no);
            String name = part.fileName().orElse(part.name()).replaceAll("[^\\p{L}\\p{Nd}._-]", "_");
            written.add(copy(part.body(), folder.resolve("part-" + (no + 1) + "-" + name)));
        }
        for (DeliveryRow delivery : box.attempts().deliveries(row)) {
            Optional<Body> sealed = delivery.sealed();
            if (sealed.isPresent()) {
                written.add(copy(sealed.get(), folder.resolve("delivery-" + delivery.no() + ".eml")));
            }
        }
        return written;
    }

    private static java.util.Map<String, String> texts(Message message) {
        java.util.Map<String, String> texts = new java.util.HashMap<>();
        message.context().asMap().forEach((name, value) -> texts.put(name, value.toString()));
        return texts;
    }

    private static Path copy(Body body, Path file) throws IOException {
        OwnerOnly.create(file);
        try (InputStream in = body.open()) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
