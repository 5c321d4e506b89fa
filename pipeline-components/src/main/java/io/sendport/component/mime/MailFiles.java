package io.sendport.component.mime;

import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Property;
import io.sendport.api.settings.Settings;
import io.sendport.api.template.FileTemplate;
import io.sendport.api.template.MacroText.Macro;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The files of a mail. Errors name the template and its folder, but no value of the message. */
final class MailFiles {

    private final MailSettings settings;
    private final Macros macros;

    MailFiles(MailSettings settings, Macros macros) {
        this.settings = settings;
        this.macros = macros;
    }

    /**
     * The file of {@code <body file>} or {@code <attach file>}; empty when it does not exist and is optional.
     *
     * @throws AssemblyException when the message does not choose an allowed file, or the file cannot be read
     */
    Optional<FileBody> file(Settings element) {
        String where = "<" + element.element() + " file=\"" + element.text("file", "") + "\">";
        FileTemplate template;
        try {
            template = FileTemplate.of(element);
        } catch (IllegalArgumentException e) {
            throw new AssemblyException(where + ": " + e.getMessage(), e);
        }
        return find(template, where, macro -> macros.value(macro, where), isOptional(element));
    }

    /**
     * The files of {@code SMTP.Attachments}, when the property overrides the port.
     *
     * @throws AssemblyException when the port names no folder for them, or a file is not in it
     */
    List<FileBody> attachments(Settings element) {
        List<FileBody> files = new ArrayList<>();
        for (String name : names(MessageProperties.ATTACHMENTS)) {
            named(element, MessageProperties.ATTACHMENTS, name).ifPresent(files::add);
        }
        return files;
    }

    /** The file of {@code SMTP.EmailBodyFile}, when the property overrides the port. Throws as {@link #attachments}. */
    Optional<FileBody> body(Settings element) {
        List<String> names = names(MessageProperties.EMAIL_BODY_FILE);
        return names.isEmpty() ? Optional.empty() : named(element, MessageProperties.EMAIL_BODY_FILE, names.get(0));
    }

    /** Whether the element only names a folder, from which the message chooses files. */
    static boolean isFolder(Settings element) {
        return element.text("folder").isPresent() && element.text("file").isEmpty();
    }

    /**
     * Makes sure that a file named by the message is not ignored silently.
     *
     * @throws AssemblyException when the property overrides the port, but the port has no such element with a folder
     */
    void requireFolder(Property<String> property, String element) {
        if (!names(property).isEmpty() && settings.elements(element).stream().noneMatch(MailFiles::isFolder)) {
            throw new AssemblyException(property.name() + " names a file, but <mail> has no <" + element
                    + " folder> that contains this file; add one, then resume the message; or stop setting "
                    + property.name());
        }
    }

    private List<String> names(Property<String> property) {
        return settings.overriding(property).stream()
                .flatMap(value -> property.equals(MessageProperties.ATTACHMENTS)
                        ? List.of(value.split("[|\r\n]")).stream()
                        : List.of(value).stream())
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private Optional<FileBody> named(Settings element, Property<String> property, String name) {
        Path folder = element.path("folder").orElseThrow();
        return find(
                FileTemplate.in(folder, new Macro(property.name())),
                property.name(),
                macro -> name,
                isOptional(element));
    }

    private static boolean isOptional(Settings element) {
        return element.text("missing", "suspend").equals("skip");
    }

    private static Optional<FileBody> find(
            FileTemplate template, String where, Function<Macro, String> values, boolean optional) {
        String place = where + " in " + template.shownFolder();
        try {
            FileTemplate.Found found = template.find(values);
            if (!Files.isReadable(found.real())) {
                throw new AssemblyException(place + ": the account that Sendport runs as may not read it");
            }
            return Optional.of(
                    template.isConfined() ? FileBody.within(found.path(), found.real()) : FileBody.named(found.path()));
        } catch (IllegalArgumentException e) {
            throw new AssemblyException(place + ": " + e.getMessage(), e);
        } catch (NoSuchFileException e) {
            if (optional) {
                return Optional.empty();
            }
            throw new AssemblyException(place + ": the file does not exist");
        } catch (IOException e) {
            throw new AssemblyException(place + ": the file cannot be accessed: " + reason(e));
        }
    }

    /** Why a file access failed, without the path, because a part of the path may come from the message. */
    static String reason(IOException e) {
        String reason = e instanceof FileSystemException failure ? failure.getReason() : null;
        return reason == null ? e.getClass().getSimpleName() : reason;
    }
}
