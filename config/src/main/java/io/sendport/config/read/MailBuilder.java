package io.sendport.config.read;

import io.sendport.api.mail.AddressTemplate;
import io.sendport.api.mail.HeaderField;
import io.sendport.api.mail.Mailbox;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.api.template.FileTemplate;
import io.sendport.api.template.MacroText;
import io.sendport.support.Domains;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Merges a port's {@code <mail>} with its host's, and finds settings from which no message can become a mail. */
final class MailBuilder {

    private static final List<String> RECIPIENTS = List.of("to", "cc", "bcc");
    private static final List<String> ADDRESSES = List.of("from", "to", "cc", "bcc", "replyTo", "envelopeFrom");
    private static final List<String> ONE_ADDRESS = List.of("from", "envelopeFrom");
    private static final String NULL_PATH = "<>";

    private final List<Problem> problems;

    MailBuilder(List<Problem> problems) {
        this.problems = problems;
    }

    Settings mail(Settings port, Settings host) {
        Settings none = Settings.empty("mail", port.origin());
        Settings mail = port.child("mail").orElse(none).over(host.child("mail").orElse(none));
        checkPeople(mail, port, host);
        for (Settings attach : mail.children("attach")) {
            checkAttach(attach, port);
        }
        for (Settings body : mail.children("body")) {
            if (body.has("folder") && (body.has("text") || !body.content().isEmpty())) {
                problems.add(body.problem(
                        "folder", "cannot be combined with a text", "leave either folder or the text out"));
            }
            if (Stream.of("text", "file", "folder").noneMatch(body::has)
                    && body.content().isEmpty()) {
                problems.add(
                        body.problem(
                                "text",
                                "is missing, so the mail would have an empty body in place of the message",
                                "set text or file, or leave <body> out to send the message as the body; text=\"\" is an empty body"));
            }
            checkFile(body);
        }
        problems.addAll(ContentTypes.check(mail));
        checkWords(mail);
        warnOfMacros(mail);
        return mail;
    }

    private void checkPeople(Settings mail, Settings port, Settings host) {
        boolean isDynamic = !port.children("dynamic").isEmpty();
        Optional<Domains> domains = domains(mail);
        for (String attribute : ADDRESSES) {
            boolean recipients = RECIPIENTS.contains(attribute);
            for (AddressTemplate address : addresses(mail, attribute)) {
                checkDomain(mail, mail, attribute, address, isDynamic && recipients);
                if (recipients) {
                    domains.ifPresent(each -> checkRecipient(mail, attribute, address, each));
                }
            }
        }
        for (Settings header : mail.children("header")) {
            boolean perMessage =
                    !MacroText.parse(header.text("value", "")).macros().isEmpty();
            if (perMessage && HeaderField.holdsAddresses(header.text("name", ""))) {
                addresses(header, "value").forEach(address -> checkDomain(mail, header, "value", address, false));
            }
        }
        if (!isDynamic
                && RECIPIENTS.stream()
                        .allMatch(attribute -> mail.text(attribute).isEmpty())) {
            problems.add(Problem.warning(
                    mail.origin(),
                    PortBuilder.where(port),
                    "<mail> has no recipient",
                    "set to, cc or bcc, or let a component set SMTP.To on each message;"
                            + " a message without a recipient is suspended"));
        }
        if (mail.text("from").isEmpty()) {
            problems.add(Problem.error(
                    mail.origin(),
                    PortBuilder.where(port),
                    "<mail> has no from, neither here nor on host " + host.text("name", ""),
                    "set from of <mail>, on the port or on the host"));
        }
    }

    private Optional<Domains> domains(Settings mail) {
        try {
            return mail.text("domains").map(Domains::parse);
        } catch (IllegalArgumentException e) {
            problems.add(mail.problem("domains", String.valueOf(e.getMessage()), PortBuilder.EXPECTED_DOMAINS));
            return Optional.empty();
        }
    }

    private List<AddressTemplate> addresses(Settings element, String attribute) {
        String text = element.text(attribute, "");
        if (attribute.equals("envelopeFrom") && text.equals(NULL_PATH)) {
            return List.of();
        }
        try {
            List<AddressTemplate> addresses = AddressTemplate.parseList(text);
            if (addresses.size() > 1 && ONE_ADDRESS.contains(attribute)) {
                problems.add(element.problem(attribute, "names " + addresses.size() + " addresses", "expected one"));
            }
            return addresses;
        } catch (IllegalArgumentException e) {
            problems.add(element.problem(
                    attribute, String.valueOf(e.getMessage()), "expected addresses separated by comma or semicolon"));
            return List.of();
        }
    }

    /** A message may choose a domain only when the configuration lists the domains that it may choose from. */
    private void checkDomain(
            Settings mail, Settings element, String attribute, AddressTemplate address, boolean chosenBefore) {
        address.foreignDomain()
                .filter(macro -> !chosenBefore && mail.text("domains").isEmpty())
                .ifPresent(macro -> problems.add(element.problem(
                        attribute,
                        "each message chooses a domain through " + macro
                                + ", but <mail> has no list of allowed domains",
                        "set domains on <mail>, such as domains=\"customer.example *.partner.example\";"
                                + " domains=\"*\" allows every domain")));
    }

    private void checkRecipient(Settings mail, String attribute, AddressTemplate recipient, Domains domains) {
        recipient.literal().map(Mailbox::address).ifPresent(address -> domains.refusal(address)
                .ifPresent(why -> problems.add(mail.problem(
                        attribute,
                        "recipient " + address + " is not allowed: " + why,
                        "the list is at " + mail.originOf("domains")))));
    }

    private void checkAttach(Settings attach, Settings port) {
        boolean isFolder = attach.text("folder").isPresent() && !attach.has("file");
        long ways = Stream.of(attach.has("file"), attach.has("parts"), isFolder)
                .filter(each -> each)
                .count();
        if (ways != 1) {
            problems.add(Problem.error(
                    attach.origin(),
                    PortBuilder.where(port),
                    "<attach> needs parts, file or folder",
                    "expected exactly one of them, or file and folder"));
        }
        attach.text("parts")
                .filter(parts -> !Set.of("none", "body", "all").contains(parts))
                .ifPresent(parts -> problems.add(
                        attach.problem("parts", "\"" + parts + "\" is not known", "expected none, body or all")));
        attach.text("missing")
                .filter(word -> !Set.of("suspend", "skip").contains(word))
                .ifPresent(word -> problems.add(
                        attach.problem("missing", "\"" + word + "\" is not known", "expected suspend or skip")));
        checkFile(attach);
    }

    /**
     * Any submitter may give a message any property. A name that differs from one of Sendport's own only in case is most likely a mistake.
     */
    private void warnOfMacros(Settings element) {
        element.attributes().forEach((name, setting) -> MacroText.parse(setting.value())
                .macros()
                .forEach(macro -> macro.misspelt()
                        .ifPresent(meant -> problems.add(Problem.warning(
                                setting.origin(),
                                "<" + element.element() + "> " + name,
                                macro + " has no value unless a submitter sets a property of that exact name",
                                "write " + meant + "; macro names are case-sensitive")))));
        element.children().forEach(this::warnOfMacros);
    }

    private void checkWords(Settings mail) {
        mail.text("deliveryReceipt")
                .filter(words ->
                        !words.contains("%") && !words.trim().matches("none|(?:(?:success|failure|delay)[ ,;]*)+"))
                .ifPresent(words -> problems.add(mail.problem(
                        "deliveryReceipt",
                        "\"" + words + "\" is not known",
                        "expected \"none\" (no receipts), or one or more of \"success\", \"failure\" and \"delay\", separated by"
                                + " spaces, such as \"success failure\"")));
        mail.text("returnContent")
                .filter(word ->
                        !word.contains("%") && !Set.of("headers", "full").contains(word))
                .ifPresent(word -> problems.add(
                        mail.problem("returnContent", "\"" + word + "\" is not known", "expected headers or full")));
        mail.text("transferPriority")
                .filter(number -> !number.contains("%") && !number.matches("-?[0-9]"))
                .ifPresent(number -> problems.add(
                        mail.problem("transferPriority", "\"" + number + "\" is not a priority", "expected -9 to 9")));
        mail.text("importance")
                .filter(level -> !Set.of("low", "normal", "high").contains(level))
                .ifPresent(level -> problems.add(
                        mail.problem("importance", "\"" + level + "\" is not known", "expected low, normal or high")));
    }

    private void checkFile(Settings element) {
        boolean skip = element.text("missing", "suspend").equals("skip");
        element.text("folder")
                .filter(text -> !MacroText.parse(text).macros().isEmpty())
                .ifPresent(text -> problems.add(
                        element.problem("folder", "\"" + text + "\" has a macro", "expected the path of a folder")));
        element.path("folder")
                .filter(folder -> !skip && !Files.isDirectory(folder))
                .ifPresent(folder -> problems.add(
                        element.problem("folder", folder + " does not exist", "create it, or correct the path")));
        if (element.text("file").isEmpty()) {
            return;
        }
        try {
            FileTemplate.of(element)
                    .literal()
                    .filter(file -> !skip && !(Files.isRegularFile(file) && Files.isReadable(file)))
                    .ifPresent(file -> problems.add(element.problem(
                            "file", file + " does not exist or cannot be read", "create it, or correct the path")));
        } catch (IllegalArgumentException e) {
            problems.add(element.problem(
                    "file",
                    String.valueOf(e.getMessage()),
                    "start the path with a folder, such as invoices/%InvoiceNumber%.pdf, or set the attribute folder"
                            + " and give a path inside that folder"));
        }
    }
}
