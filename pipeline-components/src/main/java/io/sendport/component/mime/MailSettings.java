package io.sendport.component.mime;

import io.sendport.api.component.AssembleScope;
import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.Property;
import io.sendport.api.settings.Settings;
import java.util.List;
import java.util.Optional;

/**
 * The port's {@code <mail>} with macros resolved and the context's values where they win: those a component of the send pipeline
 * set.
 */
final class MailSettings {

    private final AssembleScope scope;
    private final Settings mail;
    private final Context context;
    private final Macros macros;

    MailSettings(AssembleScope scope, Message message, Macros macros) {
        this.scope = scope;
        this.mail = scope.mail();
        this.context = message.context();
        this.macros = macros;
    }

    /** The property's value where it wins, taken literally; else the attribute with its macros resolved. */
    Optional<String> text(String attribute, Property<String> property) {
        if (scope.overrides(property.name())) {
            return context.text(property.name()).filter(value -> !value.isEmpty());
        }
        return text(attribute);
    }

    /** The attribute with its macros resolved. */
    Optional<String> text(String attribute) {
        return mail.text(attribute).map(template -> macros.expand(template, attribute));
    }

    /** The property's value where it wins, else the attribute, else false. */
    boolean flag(String attribute, Property<Boolean> property) {
        return overriding(property).orElse(mail.flag(attribute, false));
    }

    /** The attribute, else false. */
    boolean flag(String attribute) {
        return mail.flag(attribute, false);
    }

    /** The property's value, where it wins. */
    <T> Optional<T> overriding(Property<T> property) {
        return scope.overrides(property.name()) ? context.get(property) : Optional.empty();
    }

    /** Whether the attribute was given, be it empty. */
    boolean has(String attribute) {
        return mail.has(attribute);
    }

    /** {@code template} with its macros resolved. */
    String expand(String template, String where) {
        return macros.expand(template, where);
    }

    /** The nested elements of that name. */
    List<Settings> elements(String name) {
        return mail.children(name);
    }
}
