package io.sendport.component.mime;

import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.api.settings.Settings;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;

/** Assembles a mail, and reads it back with an independent parser. */
abstract class AssemblerFixture {

    static final Path HERE = Path.of("target");
    static final MimeAssembler ASSEMBLER = new MimeAssembler(TransferEncoding.BASE64, ZoneOffset.UTC);

    static Settings mail(Map<String, String> attributes, Settings... children) {
        return Scopes.element(HERE, "mail", attributes, children);
    }

    static Settings body(String text) {
        return Scopes.element(HERE, "body", Map.of("text", text));
    }

    static String assembled(Message message, Settings mail, String... overridden) throws Exception {
        return Scopes.rendered(ASSEMBLER.assemble(message, Scopes.scope(mail, Set.of(overridden))));
    }

    static MimeMessage parsed(String mail) throws Exception {
        return new MimeMessage(
                Session.getInstance(new java.util.Properties()),
                new ByteArrayInputStream(mail.getBytes(StandardCharsets.UTF_8)));
    }

    static Message xml(String content) {
        return Scopes.message(Body.of(content, StandardCharsets.UTF_8), Map.of());
    }
}
