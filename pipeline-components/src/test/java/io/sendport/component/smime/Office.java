package io.sendport.component.smime;

import io.sendport.api.component.EncodeScope;
import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Workspace;
import io.sendport.api.settings.Settings;
import io.sendport.component.mime.Scopes;
import io.sendport.test.TestHost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a host lends an S/MIME encoder, and what the encoder told it. */
public final class Office extends TestHost {

    final Map<String, String> records = new LinkedHashMap<>();
    final Map<MailAddress, String> leftOut = new LinkedHashMap<>();
    private final Path folder;
    private final Clock clock;
    private Workspace workspace = Scopes.MEMORY;
    private HeaderFields header =
            HeaderFields.none().plus("From", "billing@corp.example").plus("Subject", "Invoice");

    Office(Path folder, Clock clock) {
        super(folder);
        this.folder = folder;
        this.clock = clock;
    }

    public Office(Path folder) {
        this(folder, Clock.systemUTC());
    }

    Office writingTo(Workspace other) {
        workspace = other;
        return this;
    }

    Office with(HeaderFields fields) {
        header = fields;
        return this;
    }

    /** An element from pairs of attribute and value; paths are relative to the folder. */
    Settings settings(String... pairs) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            attributes.put(pairs[i], pairs[i + 1]);
        }
        return Scopes.element(folder, "smime", attributes);
    }

    SmimeEncoder encoder(String... pairs) throws Exception {
        return new SmimeFactory().create(settings(pairs), this);
    }

    Entity encode(SmimeEncoder encoder, Entity entity, String... recipients) throws Exception {
        return encoder.encode(entity, scope(recipients));
    }

    /** Encodes {@code entity} with an encoder of these settings. */
    public Entity encoded(Entity entity, String recipient, String... pairs) throws Exception {
        return encode(encoder(pairs), entity, recipient);
    }

    /** The whole mail, as it would be sealed. */
    byte[] mail(SmimeEncoder encoder, Entity entity, String... recipients) throws Exception {
        Entity encoded = encode(encoder, entity, recipients);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        encoder.readableHeader(header).plus("MIME-Version", "1.0").writeTo(out);
        encoded.writeTo(out);
        return out.toByteArray();
    }

    static byte[] bytes(Entity entity) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        entity.writeTo(out);
        return out.toByteArray();
    }

    @Override
    public Clock clock() {
        return clock;
    }

    EncodeScope scope(String... recipients) {
        List<MailAddress> to = new ArrayList<>(
                Arrays.stream(recipients).map(MailAddress::parse).toList());
        return new EncodeScope() {
            @Override
            public MessageId messageId() {
                return new MessageId("6f0c2b1e-0000-4000-8000-000000000001");
            }

            @Override
            public Instant submittedAt() {
                return Instant.EPOCH;
            }

            @Override
            public Optional<MailAddress> author() {
                return Optional.empty();
            }

            @Override
            public List<MailAddress> recipients() {
                return List.copyOf(to);
            }

            @Override
            public void leaveOut(MailAddress recipient, String why) {
                to.remove(recipient);
                leftOut.put(recipient, why);
            }

            @Override
            public HeaderFields header() {
                return header;
            }

            @Override
            public void record(String name, String value) {
                records.put(name, value);
            }

            @Override
            public String port() {
                return "Test";
            }

            @Override
            public Workspace workspace() {
                return workspace;
            }
        };
    }
}
