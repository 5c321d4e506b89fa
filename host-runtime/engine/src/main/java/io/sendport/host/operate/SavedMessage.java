package io.sendport.host.operate;

import io.sendport.api.message.Body;
import io.sendport.api.message.Part;
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
import java.util.UUID;

/** A message written to a folder, readable only by its owner. */
final class SavedMessage {

    private SavedMessage() {}

    /**
     * Writes context, parts and sealed mails, after the ledger has recorded that. Every file is new, mode 0600; it replaces a file
     * or link with the same name.
     *
     * @throws RefusedException when the message has ended, or {@code folder} is not a writable folder
     */
    static List<Path> write(MessageBox box, MessageRow row, Path folder, Actor actor) throws IOException {
        MessageContent content = MessageContent.read(box, row, actor);
        try {
            OwnerOnly.createFolder(folder);
            return write(content, folder);
        } catch (FileSystemException e) {
            throw RefusedException.invalid("Cannot save message " + row.id() + " to " + folder + " (" + reason(e)
                    + "). The folder may contain some of its files. Choose another folder");
        }
    }

    private static List<Path> write(MessageContent content, Path folder) throws IOException {
        List<Path> written = new ArrayList<>();
        String context = Json.write(content.properties()) + "\n";
        written.add(write(Body.of(context, StandardCharsets.UTF_8), folder.resolve("context.json")));
        for (int no = 0; no < content.parts().size(); no++) {
            Part part = content.parts().get(no);
            String name =
                    SafeFileName.of("part-" + (no + 1) + "-", part.fileName().orElse(part.name()));
            written.add(write(part.body(), resolve(folder, name)));
        }
        for (Map.Entry<Integer, Body> mail : content.mails().entrySet()) {
            written.add(write(mail.getValue(), folder.resolve("delivery-" + mail.getKey() + ".eml")));
        }
        return written;
    }

    private static Path resolve(Path folder, String name) {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            // The locale of this process does not support such letters in file names, as with LC_ALL=C.
            return folder.resolve(SafeFileName.ascii(name));
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
        return e instanceof FileAlreadyExistsException
                ? e.getFile() + " is not a folder"
                : String.valueOf(e.getMessage());
    }
}
