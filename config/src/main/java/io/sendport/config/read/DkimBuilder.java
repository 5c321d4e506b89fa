package io.sendport.config.read;

import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Mailbox;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.support.Domains;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Builds the {@code <dkim>} of a port: its own settings over those of its host. */
final class DkimBuilder {

    /** Transports that hand over mails unchanged, so that the signature stays valid. */
    private static final Set<String> TRANSPORTS = Set.of("smtp", "auditRelay");

    private final List<Problem> problems;

    DkimBuilder(List<Problem> problems) {
        this.problems = problems;
    }

    /**
     * The effective element; empty when mails of the port are not signed. The {@code <dkim>} of a host applies only to ports that send by
     * SMTP.
     */
    Optional<Settings> dkim(Settings port, Settings host, Settings transport, Settings mail) {
        Optional<Settings> own = port.child("dkim");
        Optional<Settings> inherited = host.child("dkim");
        Optional<Settings> effective = own.isPresent() && inherited.isPresent()
                ? own.map(each -> each.over(inherited.get()))
                : own.or(() -> inherited);
        if (effective.isEmpty() || !effective.get().flag("sign", true)) {
            return Optional.empty();
        }
        if (!TRANSPORTS.contains(transport.element())) {
            own.ifPresent(each -> problems.add(Problem.error(
                    each.origin(),
                    PortBuilder.where(port),
                    "has <dkim> and <" + transport.element() + ">: only a port that sends by <smtp> signs its mails",
                    "leave <dkim> out")));
            return Optional.empty();
        }
        warnOfAuthor(effective.get(), mail);
        return effective;
    }

    /** Warns when a fixed From is not in the signing domain, because each message would be suspended. */
    private void warnOfAuthor(Settings dkim, Settings mail) {
        String domain = dkim.text("domain", "");
        String from = mail.text("from", "");
        if (domain.isEmpty() || from.isEmpty() || from.contains("%")) {
            return;
        }
        try {
            MailAddress author = Mailbox.parse(from).address();
            if (Domains.parse(domain + " *." + domain).refusal(author).isPresent()) {
                problems.add(Problem.warning(
                        mail.originOf("from"),
                        "<mail> from",
                        "its domain, " + author.domain() + ", is not " + domain
                                + " of <dkim> or a subdomain of it, so each message will be" + " suspended",
                        "correct from, or domain of <dkim>; sign=\"false\" turns DKIM off for this port"));
            }
        } catch (IllegalArgumentException e) {
            // Reported as a problem of the address or of the domain.
            return;
        }
    }
}
