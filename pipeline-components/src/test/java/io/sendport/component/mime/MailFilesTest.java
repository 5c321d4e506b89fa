package io.sendport.component.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.api.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a mail: those that the configuration names, and no others. */
class MailFilesTest {

    private static final String SECRET = "canary-of-the-secret-file";

    private final MimeAssembler assembler = new MimeAssembler(TransferEncoding.EIGHT_BIT, ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @BeforeEach
    void makeFiles() throws IOException {
        for (String sub : List.of("invoices", "mail", "private")) {
            Files.createDirectories(folder.resolve(sub));
        }
        Files.writeString(folder.resolve("invoices/joe.pdf"), "the invoice of joe");
        Files.writeString(folder.resolve("invoices/ann.pdf"), "the invoice of ann");
        Files.writeString(folder.resolve("mail/en.txt"), "Dear %Name%,");
        Files.writeString(folder.resolve("mail/broken.txt"), "one\ntwo " + SECRET + " %Nothing% and more\n");
        Files.writeString(folder.resolve("private/salary.pdf"), SECRET);
        Files.writeString(folder.resolve("private/secret.txt"), "x%NoMacro%" + SECRET);
        Files.createSymbolicLink(folder.resolve("invoices/link.pdf"), Path.of("../private/salary.pdf"));
        Files.createSymbolicLink(folder.resolve("mail/link.txt"), Path.of("../private/secret.txt"));
    }

    private String assembled(Map<String, Object> properties, Settings element, String... overridden) throws Exception {
        Message message = Scopes.message(Body.of("x", StandardCharsets.UTF_8), properties);
        Settings mail = Scopes.element(folder, "mail", Scopes.mailAttributes(), element);
        return Scopes.rendered(assembler.assemble(message, Scopes.scope(mail, Set.of(overridden))));
    }

    private Settings attach(Map<String, String> attributes) {
        return Scopes.element(folder, "attach", attributes);
    }

    private Settings body(Map<String, String> attributes) {
        return Scopes.element(folder, "body", attributes);
    }

    @Test
    void attachesAFileFromTheConfiguredFolder() throws Exception {
        for (Settings attach : List.of(
                attach(Map.of("file", "invoices/%Cust%.pdf")),
                attach(Map.of("folder", "invoices", "file", "%Cust%.pdf")))) {
            assertThat(assembled(Map.of("Cust", "joe"), attach))
                    .contains("the invoice of joe")
                    .contains("filename=\"joe.pdf\"");
        }
    }

    @Test
    void attachesNoFileFromAnotherFolder() {
        for (String value :
                List.of("../private/salary", "link", "/etc/hostname", "joe\u0000", folder + "/private/salary")) {
            for (String missing : List.of("suspend", "skip")) {
                assertThatThrownBy(() -> assembled(
                                Map.of("Cust", value),
                                attach(Map.of("file", "invoices/%Cust%.pdf", "missing", missing))))
                        .as(value)
                        .isInstanceOf(AssemblyException.class)
                        .hasMessageStartingWith(
                                "<attach file=\"invoices/%Cust%.pdf\"> in " + folder.resolve("invoices"))
                        .message()
                        .doesNotContain("salary", "hostname", SECRET);
            }
        }
    }

    @Test
    void refusesAnAttachmentPathThatStartsWithAMacro() {
        assertThatThrownBy(() -> assembled(Map.of("Path", "/etc/hostname"), attach(Map.of("file", "%Path%"))))
                .isInstanceOf(AssemblyException.class)
                .hasMessageContaining("the path starts with the macro %Path%, so a message could choose any file");
    }

    @Test
    void skipsOnlyAMissingFile() throws Exception {
        Settings skipped = attach(Map.of("file", "invoices/%Cust%.pdf", "missing", "skip"));
        assertThat(assembled(Map.of("Cust", "nobody"), skipped)).doesNotContain("nobody");
        Settings needed = attach(Map.of("file", "invoices/%Cust%.pdf"));
        assertThatThrownBy(() -> assembled(Map.of("Cust", "nobody"), needed))
                .hasMessageEndingWith(folder.resolve("invoices") + ": the file does not exist")
                .hasMessageNotContaining("nobody");
        assertThatThrownBy(() -> assembled(Map.of(), attach(Map.of("file", "invoices", "missing", "skip"))))
                .hasMessageContaining("it is not a regular file");
    }

    @Test
    void reportsAFileThatItMayNotRead() throws Exception {
        Path file = folder.resolve("invoices/joe.pdf");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        org.junit.jupiter.api.Assumptions.assumeFalse(Files.isReadable(file), "root reads everything");
        assertThatThrownBy(() -> assembled(Map.of("Cust", "joe"), attach(Map.of("file", "invoices/%Cust%.pdf"))))
                .hasMessageContaining("the account that Sendport runs as may not read it");
    }

    @Test
    void readsTheBodyOnlyFromAFileInItsFolder() throws Exception {
        assertThat(assembled(Map.of("Lang", "en", "Name", "Ann"), body(Map.of("file", "mail/%Lang%.txt"))))
                .contains("Dear Ann,");
        for (String value : List.of("../private/secret", "link", "/etc/hostname")) {
            assertThatThrownBy(() -> assembled(Map.of("Lang", value), body(Map.of("file", "mail/%Lang%.txt"))))
                    .isInstanceOf(AssemblyException.class)
                    .hasMessageStartingWith("<body file=\"mail/%Lang%.txt\"> in " + folder.resolve("mail"))
                    .hasMessageNotContaining(SECRET);
        }
    }

    @Test
    void doesNotQuoteTheFileWhenAMacroHasNoValue() {
        assertThatThrownBy(() -> assembled(Map.of("Lang", "broken"), body(Map.of("file", "mail/%Lang%.txt"))))
                .isInstanceOf(AssemblyException.class)
                .hasMessageStartingWith("<body file=\"mail/%Lang%.txt\">: the macro %Nothing% has no value")
                .hasMessageNotContaining(SECRET)
                .hasMessageNotContaining("and more");
    }

    @Test
    void readsFilesNamedByAMessageFromTheFolderOfThePort() throws Exception {
        String mail = assembled(
                Map.of("SMTP.Attachments", "joe.pdf|ann.pdf"),
                attach(Map.of("folder", "invoices")),
                "SMTP.Attachments");
        assertThat(mail).contains("the invoice of joe", "the invoice of ann", "filename=\"ann.pdf\"");
        assertThat(assembled(
                        Map.of("SMTP.EmailBodyFile", "en.txt", "Name", "Ann"),
                        body(Map.of("folder", "mail")),
                        "SMTP.EmailBodyFile"))
                .contains("Dear Ann,");
        // What the submitter sets at a port with a fixed address counts for nothing.
        assertThat(assembled(Map.of("SMTP.Attachments", "joe.pdf"), attach(Map.of("folder", "invoices"))))
                .doesNotContain("the invoice");
    }

    @Test
    void refusesFilesNamedByAMessageOutsideTheFolder() {
        for (String value :
                List.of("../private/salary.pdf", "/etc/hostname", "link.pdf", "joe.pdf|link.pdf", "C:\\x", "..")) {
            assertThatThrownBy(() -> assembled(
                            Map.of("SMTP.Attachments", value),
                            attach(Map.of("folder", "invoices")),
                            "SMTP.Attachments"))
                    .as(value)
                    .isInstanceOf(AssemblyException.class)
                    .hasMessageStartingWith("SMTP.Attachments in " + folder.resolve("invoices"));
        }
        assertThatThrownBy(() -> assembled(
                        Map.of("SMTP.Attachments", "/etc/hostname"),
                        attach(Map.of("parts", "all")),
                        "SMTP.Attachments"))
                .isInstanceOf(AssemblyException.class)
                .hasMessageContaining("<mail> has no <attach folder> that contains this file");
        assertThatThrownBy(() -> assembled(
                        Map.of("SMTP.EmailBodyFile", "/etc/hostname"), body(Map.of("text", "x")), "SMTP.EmailBodyFile"))
                .isInstanceOf(AssemblyException.class)
                .hasMessageContaining("<mail> has no <body folder> that contains this file");
    }
}
