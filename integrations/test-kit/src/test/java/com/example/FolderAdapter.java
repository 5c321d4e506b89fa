package com.example;

import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Contact;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Facts;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Puts each mail into a folder, whole or not at all. */
public record FolderAdapter(Path folder) implements SendAdapter {

    @Override
    public Connecting connect() {
        return new Connecting.Connected(new SendConnection() {
            @Override
            public DeliveryResult send(Delivery delivery, Lease lease) throws IOException {
                return put(delivery, lease).from("folder");
            }

            @Override
            public void close() {
                // Nothing is open between two mails.
            }
        });
    }

    private DeliveryResult put(Delivery delivery, Lease lease) throws IOException {
        if (!Files.isDirectory(folder)) {
            return DeliveryResult.deferred(delivery, "there is no folder " + folder)
                    .with(Contact.NONE);
        }
        String name = delivery.message() + "-" + delivery.number() + ".eml";
        Path part = Files.createTempFile(folder, name, ".part");
        try {
            try (InputStream in = delivery.mail().open()) {
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                // Nobody has the mail yet. As an exception of send, this would be in doubt.
                return DeliveryResult.deferred(delivery, "cannot write the file: " + e.getMessage());
            }
            if (!lease.isHeld()) {
                return DeliveryResult.deferred(
                        delivery, "the lease on the message lapsed before the file got its name");
            }
            // The act that cannot be undone. It replaces the file of an earlier attempt, which has the same bytes.
            Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return DeliveryResult.accepted(delivery, "written").with(Facts.of("file", name));
        } finally {
            Files.deleteIfExists(part);
        }
    }

    @Override
    public int concurrency() {
        return 4;
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
