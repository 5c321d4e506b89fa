package io.sendport.component.mime;

import io.sendport.api.mail.Envelope;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Mailbox;
import io.sendport.api.mail.Notify;
import io.sendport.api.message.MessageProperties;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** All senders and recipients of a mail. */
record Addressing(Mailbox from, List<Mailbox> to, List<Mailbox> cc, List<Mailbox> replyTo, Envelope envelope) {

    static Addressing of(MailSettings settings) {
        List<Mailbox> from = settings.mailboxes("from", MessageProperties.FROM);
        if (from.size() != 1) {
            throw new AssemblyException("from names " + from.size() + " addresses, expected one");
        }
        List<Mailbox> to = settings.mailboxes("to", MessageProperties.TO);
        List<Mailbox> cc = settings.mailboxes("cc", MessageProperties.CC);
        List<Mailbox> bcc = settings.mailboxes("bcc", MessageProperties.BCC);
        List<MailAddress> visible = new ArrayList<>();
        to.forEach(box -> visible.add(box.address().withAsciiDomain()));
        cc.forEach(box -> visible.add(box.address().withAsciiDomain()));
        List<MailAddress> blind =
                bcc.stream().map(box -> box.address().withAsciiDomain()).toList();
        try {
            Envelope envelope = new Envelope(sender(settings, from.get(0)), visible, blind, handling(settings));
            return new Addressing(
                    from.get(0), to, cc, settings.mailboxes("replyTo", MessageProperties.REPLY_TO), envelope);
        } catch (IllegalArgumentException e) {
            throw new AssemblyException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Optional<MailAddress> sender(MailSettings settings, Mailbox from) {
        Optional<String> given = settings.overriding(MessageProperties.ENVELOPE_FROM);
        if (given.isPresent()) {
            return given.get().equals("<>")
                    ? Optional.empty()
                    : Optional.of(MailAddress.parse(given.get()).withAsciiDomain());
        }
        Optional<String> template = settings.template("envelopeFrom");
        if (template.isEmpty()) {
            return Optional.of(from.address().withAsciiDomain());
        }
        if (template.get().equals("<>")) {
            return Optional.empty();
        }
        List<Mailbox> sender = settings.mailboxes(template.get(), "envelopeFrom");
        if (sender.size() != 1) {
            throw new AssemblyException("envelopeFrom names " + sender.size() + " addresses, expected one");
        }
        return Optional.of(sender.get(0).address().withAsciiDomain());
    }

    private static Handling handling(MailSettings settings) {
        String returned = settings.text("returnContent").orElse("headers");
        if (!returned.equals("headers") && !returned.equals("full")) {
            throw settings.notAllowed("returnContent", "expected headers or full");
        }
        Optional<String> priority = settings.text("transferPriority").filter(text -> !text.isEmpty());
        if (priority.isPresent() && !priority.get().matches("-?[0-9]")) {
            throw settings.notAllowed("transferPriority", "expected -9 to 9");
        }
        return new Handling(
                notifyOn(settings),
                returned.equals("full"),
                settings.flag("requireTls"),
                priority.map(Integer::valueOf));
    }

    private static Set<Notify> notifyOn(MailSettings settings) {
        Optional<Boolean> asked = settings.overriding(MessageProperties.DELIVERY_RECEIPT);
        if (asked.isPresent()) {
            return asked.get() ? EnumSet.allOf(Notify.class) : EnumSet.noneOf(Notify.class);
        }
        Set<Notify> all = EnumSet.noneOf(Notify.class);
        for (String word :
                settings.text("deliveryReceipt").orElse("none").trim().split("[ ,;]+")) {
            switch (word.toLowerCase(Locale.ROOT)) {
                case "none", "false" -> {}
                case "true" -> all.addAll(EnumSet.allOf(Notify.class));
                case "success", "failure", "delay" -> all.add(Notify.valueOf(word.toUpperCase(Locale.ROOT)));
                default ->
                    throw settings.notAllowed(
                            "deliveryReceipt",
                            "expected the word none, or one or more of success, failure and delay, such as \"failure delay\"");
            }
        }
        return all;
    }
}
