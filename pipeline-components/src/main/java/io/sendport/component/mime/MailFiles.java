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

/** The files that a mail is made of. Errors name the template and its folder, and no value of the message. */
final class MailFiles {

    private final MailSettings settings;
    private final Macros macros;

    MailFiles(MailSettings settings, Macros macros) {
        this.settings = settings;
        this.macros = macros;
    }

    /**
     * The file of {@code <body file>} or {@code <attach file>}; empty when it is not there and may be missing.
     *
     * @throws AssemblyException when the message chooses none that it may, or it cannot be read
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
     * The files of {@code SMTP.Attachments}, where the property wins.
     *
     * @throws AssemblyException when the port names no folder for them, or one is not in it
     */
    List<FileBody> attachments(Settings element) {
        List<FileBody> files = new ArrayList<>();
        for (String name : names(MessageProperties.ATTACHMENTS)) {
            named(element, MessageProperties.ATTACHMENTS, name).ifPresent(files::add);
        }
        return files;
    }

    /** The file of {@code SMTP.EmailBodyFile}, where the property wins. Throws as {@link #attachments}. */
    Optional<FileBody> body(Settings element) {
        List<String> names = names(MessageProperties.EMAIL_BODY_FILE);
        return names.isEmpty() ? Optional.empty() : named(element, MessageProperties.EMAIL_BODY_FILE, names.get(0));
    }

    /** Whether the element is a folder and nothing else: files in it are for the message to name. */
    static boolean isFolder(Settings element) {
        return element.text("folder").isPresent() && element.text("file").isEmpty();
    }

    /**
     * A file that the message names is not left out in silence.
     *
     * @throws AssemblyException when the property wins, and no such element of the port names a folder
     */
    void requireFolder(Property<String> property, String element) {
        if (!names(property).isEmpty() && settings.elements(element).stream().noneMatch(MailFiles::isFolder)) {
            throw new AssemblyException(property.name() + " names a file, and <mail> has no <" + element
                    + " folder> to take it from; add one, or set " + property.name() + " no more");
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
            throw new AssemblyException(place + ": there is no such file");
        } catch (IOException e) {
            throw new AssemblyException(place + ": it cannot be looked at: " + reason(e));
        }
    }

    /** Why a file failed, without its path: a part of that may be the message's. */
    static String reason(IOException e) {
        String reason = e instanceof FileSystemException failure ? failure.getReason() : null;
        return reason == null ? e.getClass().getSimpleName() : reason;
    }
}
