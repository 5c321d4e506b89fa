package io.sendport.component.mime;

import io.sendport.api.component.AssembleScope;
import io.sendport.api.mail.AddressTemplate;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Mailbox;
import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.Property;
import io.sendport.api.settings.Settings;
import io.sendport.api.template.MacroText;
import io.sendport.api.template.MacroText.Macro;
import io.sendport.support.Domains;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The port's {@code <mail>} with macros resolved. Context properties that a component of the send pipeline set override it. */
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

    /** The value of the property when it overrides the port, taken literally; otherwise the attribute with its macros resolved. */
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

    /**
     * The mailboxes of the property when it overrides the port, taken literally; otherwise those of the attribute, each with its values
     * inserted.
     *
     * @throws AssemblyException when a mailbox is not valid
     */
    List<Mailbox> mailboxes(String attribute, Property<String> property) {
        if (!scope.overrides(property.name())) {
            return mailboxes(mail.text(attribute, ""), attribute);
        }
        try {
            return Mailbox.parseList(context.text(property.name()).orElse(""));
        } catch (IllegalArgumentException e) {
            throw new AssemblyException(property.name() + ": " + e.getMessage(), e);
        }
    }

    /**
     * The mailboxes of a list of the configuration. If a value determines a domain, it must be in {@code <mail domains>}.
     *
     * @throws AssemblyException when a mailbox is not valid or not allowed; the message starts with {@code where}
     */
    List<Mailbox> mailboxes(String template, String where) {
        List<Mailbox> boxes = new ArrayList<>();
        try {
            for (AddressTemplate each : AddressTemplate.parseList(template)) {
                Mailbox box = each.mailbox(macro -> macros.value(macro, where));
                each.foreignDomain().ifPresent(macro -> requireAllowed(macro, box.address()));
                boxes.add(box);
            }
        } catch (IllegalArgumentException e) {
            throw new AssemblyException(where + ": " + e.getMessage() + AssemblyException.RESUBMIT, e);
        }
        return boxes;
    }

    private void requireAllowed(Macro macro, MailAddress address) {
        mail.text("domains")
                .map(Domains::parse)
                .flatMap(domains -> domains.refusal(address))
                .ifPresent(why -> {
                    throw new IllegalArgumentException("the value of " + macro
                            + " results in an address that <mail domains> does not allow: " + why);
                });
    }

    /** The value of the property when it overrides the port, else the attribute, else false. */
    boolean flag(String attribute, Property<Boolean> property) {
        return overriding(property).orElse(mail.flag(attribute, false));
    }

    /** The attribute, else false. */
    boolean flag(String attribute) {
        return mail.flag(attribute, false);
    }

    /** The value of the property when it overrides the port. */
    <T> Optional<T> overriding(Property<T> property) {
        return scope.overrides(property.name()) ? context.get(property) : Optional.empty();
    }

    /** The attribute as written in the configuration. */
    Optional<String> template(String attribute) {
        return mail.text(attribute);
    }

    /** The value that a message gives {@code attribute} is not one of those that are allowed. */
    AssemblyException notAllowed(String attribute, String expected) {
        String property = MacroText.parse(template(attribute).orElse("")).macros().stream()
                .map(Macro::name)
                .findFirst()
                .orElse("PROPERTY");
        return new AssemblyException(attribute + ": the value of %" + property + "% is not allowed; " + expected
                + AssemblyException.resubmit(property));
    }

    /** Whether the attribute is present, even if empty. */
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
