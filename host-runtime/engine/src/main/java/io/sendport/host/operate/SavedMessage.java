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
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes a message to files that only their owner may read. */
final class SavedMessage {

    private static final String CONTEXT = "context.json";

    private SavedMessage() {}

    /**
     * Records the access on the ledger, and then writes properties, parts and sealed mails. Every file is new, with mode 0600.
     *
     * @return the files, in the order in which they were written
     * @throws RefusedException when the content was deleted, {@code folder} is not a writable folder, or one of the files exists; in the
     *     last case nothing is written
     * @throws IOException when a part cannot be read
     */
    static List<Path> write(MessageBox box, MessageRow row, Path folder, Actor actor) throws IOException {
        requireNew(row, folder, folder.resolve(CONTEXT));
        MessageContent content = MessageContent.read(box, row, actor);
        Map<Path, Body> files = files(content, folder);
        for (Path each : files.keySet()) {
            requireNew(row, folder, each);
        }
        try {
            OwnerOnly.createFolder(folder);
            for (Map.Entry<Path, Body> each : files.entrySet()) {
                write(each.getValue(), each.getKey());
            }
            return List.copyOf(files.keySet());
        } catch (FileSystemException e) {
            throw RefusedException.invalid("Cannot save message " + row.id() + " to " + folder + " (" + reason(e)
                    + "). The folder may contain some of its files. Choose another folder");
        }
    }

    private static void requireNew(MessageRow row, Path folder, Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw RefusedException.invalid("Cannot save message " + row.id() + ": " + file
                    + " already exists. Nothing was written. Use a folder for each message, such as "
                    + folder.resolve(row.id().value()));
        }
    }

    /** The bodies by file, in the order in which to write them. */
    private static Map<Path, Body> files(MessageContent content, Path folder) {
        Map<Path, Body> files = new LinkedHashMap<>();
        String context = Json.write(content.properties()) + "\n";
        files.put(folder.resolve(CONTEXT), Body.of(context, StandardCharsets.UTF_8));
        for (int no = 0; no < content.parts().size(); no++) {
            Part part = content.parts().get(no);
            String name =
                    SafeFileName.of("part-" + (no + 1) + "-", part.fileName().orElse(part.name()));
            files.put(resolve(folder, name), part.body());
        }
        for (Map.Entry<Integer, Body> mail : content.mails().entrySet()) {
            files.put(folder.resolve("delivery-" + mail.getKey() + ".eml"), mail.getValue());
        }
        return files;
    }

    private static Path resolve(Path folder, String name) {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            // The locale of this process does not support these letters in file names, for example LC_ALL=C.
            return folder.resolve(SafeFileName.ascii(name));
        }
    }

    private static void write(Body body, Path file) throws IOException {
        Path part = file.resolveSibling("." + UUID.randomUUID() + ".part");
        try (InputStream in = body.open()) {
            try (OutputStream out = OwnerOnly.newFile(part)) {
                in.transferTo(out);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
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
