package io.sendport.host.operate;

import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.api.message.Part;
import io.sendport.host.box.DeliveryRow;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.control.Actor;
import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** A message written to a folder, for its owner's eyes. */
final class SavedMessage {

    private SavedMessage() {}

    /**
     * Writes context, parts and sealed mails, after the ledger has a record of that. Every file is one that this call made, mode 0600; it
     * takes the place of a file or link of the same name.
     *
     * @throws RefusedException when the message has ended, or {@code folder} is no folder that can be written
     */
    static List<Path> write(MessageBox box, MessageRow row, Path folder, Actor actor) throws IOException {
        if (row.state().isEnd()) {
            throw RefusedException.conflict(
                    "message " + row.id() + " is " + row.state().word() + "; its parts were dropped when it ended");
        }
        box.acts().read(row, actor);
        Message message = box.inbox().load(row);
        try {
            OwnerOnly.createFolder(folder);
            return write(box, row, message, folder);
        } catch (FileSystemException e) {
            throw RefusedException.invalid("Cannot save message " + row.id() + " to " + folder + " (" + reason(e)
                    + "). The folder may hold some of its files. Name another folder");
        }
    }

    private static List<Path> write(MessageBox box, MessageRow row, Message message, Path folder) throws IOException {
        List<Path> written = new ArrayList<>();
        String context = Json.write(texts(message)) + "\n";
        written.add(write(Body.of(context, StandardCharsets.UTF_8), folder.resolve("context.json")));
        for (int no = 0; no < message.parts().size(); no++) {
            Part part = message.parts().get(no);
            String name = SavedName.of("part-" + (no + 1) + "-", part.fileName().orElse(part.name()));
            written.add(write(part.body(), resolve(folder, name)));
        }
        for (DeliveryRow delivery : box.attempts().deliveries(row)) {
            Optional<Body> sealed = delivery.sealed();
            if (sealed.isPresent()) {
                written.add(write(sealed.get(), folder.resolve("delivery-" + delivery.no() + ".eml")));
            }
        }
        return written;
    }

    private static Map<String, String> texts(Message message) {
        Map<String, String> texts = new TreeMap<>();
        message.context().asMap().forEach((name, value) -> texts.put(name, value.toString()));
        return texts;
    }

    private static Path resolve(Path folder, String name) {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            // The locale of this process has no such letters in file names, as with LC_ALL=C.
            return folder.resolve(SavedName.ascii(name));
        }
    }

    private static Path write(Body body, Path file) throws IOException {
        Path part = file.resolveSibling("." + UUID.randomUUID() + ".part");
        try (InputStream in = body.open()) {
            try (OutputStream out = OwnerOnly.newFile(part)) {
                in.transferTo(out);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
        return file;
    }

    private static String reason(FileSystemException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied: " + e.getFile();
        }
        return e instanceof FileAlreadyExistsException ? e.getFile() + " is no folder" : String.valueOf(e.getMessage());
    }
}
