package io.sendport.component.mime;

import io.sendport.api.component.AssembleScope;
import io.sendport.api.mail.Mail;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.message.Workspace;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Plain objects that stand in for a host. */
public final class Scopes {

    public static final Workspace MEMORY = writer -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.writeTo(out);
        return Body.wrapping(out.toByteArray());
    };

    private Scopes() {}

    public static Settings element(Path folder, String name, Map<String, String> attributes, Settings... children) {
        Origin origin = new Origin(folder.resolve("sendport.xml"), 1, 1);
        Map<String, Setting> settings = new LinkedHashMap<>();
        attributes.forEach((key, value) -> settings.put(key, Setting.plain(value, origin)));
        return new Settings(name, origin, settings, List.of(children), "");
    }

    public static Message message(Body body, Map<String, Object> properties) {
        return new Message(
                new MessageId("6f0c2b1e-0000-4000-8000-000000000001"),
                Instant.parse("2026-11-21T08:00:00Z"),
                Context.of(properties),
                List.of(Part.body("application/xml", body).withFileName("invoice.xml")));
    }

    static AssembleScope scope(Settings mail, Set<String> overridden) {
        return scope(mail, overridden, MEMORY);
    }

    static AssembleScope scope(Settings mail, Set<String> overridden, Workspace workspace) {
        return new AssembleScope() {
            @Override
            public Settings mail() {
                return mail;
            }

            @Override
            public boolean overrides(String property) {
                return overridden.contains(property);
            }

            @Override
            public Mail standard(Message message) throws Exception {
                return new MimeAssembler(TransferEncoding.BASE64, ZoneOffset.UTC).assemble(message, this);
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

    static Map<String, String> mailAttributes(String... more) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("from", "Billing <billing@corp.example>");
        attributes.put("to", "accounts@customer.example");
        for (int i = 0; i < more.length; i += 2) {
            attributes.put(more[i], more[i + 1]);
        }
        return attributes;
    }

    static String rendered(Mail mail) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        mail.header().writeTo(out);
        mail.entity().writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
