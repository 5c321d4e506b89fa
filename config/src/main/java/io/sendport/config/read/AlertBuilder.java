package io.sendport.config.read;

import io.sendport.api.mail.Mailbox;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Settings;
import io.sendport.config.AlertSettings;
import io.sendport.support.LoopbackAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads {@code <alerts>}. */
final class AlertBuilder {

    private static final String EXPECTED_URL = "expected a URL such as https://alerts.corp.example/sendport";
    private static final int MAX_PORT = 65_535;

    private static final int MIN_SECRET = 20;
    private static final Duration MIN_HEARTBEAT = Duration.ofSeconds(1);

    private final SmtpConnections connections;
    private final List<Problem> problems;
    private final Set<String> names = new HashSet<>(Set.of(AlertSettings.HEARTBEAT));

    /** Adds problems to {@code problems}. */
    AlertBuilder(SmtpConnections connections, List<Problem> problems) {
        this.connections = connections;
        this.problems = problems;
    }

    /** Returns the settings without the invalid ones, which are reported as problems. */
    AlertSettings alerts(Settings alerts) {
        ConfigurationBuilder.atMostOne(alerts, "heartbeat", problems);
        if (alerts.children().isEmpty()) {
            problems.add(Problem.error(
                    alerts.origin(),
                    "<alerts>",
                    "has no channel, so nobody would receive an alert",
                    "add <mail>, <webhook> or <heartbeat>, or leave <alerts> out"));
        }
        List<AlertSettings.Mail> mails = new ArrayList<>();
        alerts.children("mail").forEach(each -> mail(each).ifPresent(mails::add));
        List<AlertSettings.Webhook> webhooks = new ArrayList<>();
        alerts.children("webhook").forEach(each -> webhook(each).ifPresent(webhooks::add));
        return new AlertSettings(
                duration(alerts, "pending", AlertSettings.STANDARD_PENDING),
                duration(alerts, "calm", AlertSettings.STANDARD_CALM),
                duration(alerts, "reminder", AlertSettings.STANDARD_REMINDER),
                mails,
                webhooks,
                alerts.child("heartbeat").flatMap(this::heartbeat),
                alerts.origin());
    }

    private Optional<AlertSettings.Mail> mail(Settings mail) {
        String name = name(mail, "mail");
        ConfigurationBuilder.atMostOne(mail, "smtp", problems);
        Settings smtp = connections.inherited(
                mail.child("smtp").orElse(Settings.empty("smtp", mail.origin())),
                Settings.empty("host", mail.origin()));
        if (smtp.text("host").isEmpty()) {
            problems.add(Problem.error(
                    smtp.origin(),
                    "<alerts> <mail>",
                    "does not name a server",
                    "expected <smtp host=\"...\"/> or <smtp connection=\"...\"/> in it"));
        }
        List<Mailbox> from = mailboxes(mail, "from");
        if (from.size() > 1) {
            problems.add(mail.problem("from", "has more than one address", "expected one"));
        }
        List<Mailbox> to = mailboxes(mail, "to");
        return from.isEmpty() || to.isEmpty()
                ? Optional.empty()
                : Optional.of(new AlertSettings.Mail(name, from.get(0), to, smtp));
    }

    private List<Mailbox> mailboxes(Settings mail, String attribute) {
        if (mail.text(attribute, "").contains("%")) {
            problems.add(mail.problem(
                    attribute,
                    "has a macro, but an alert has no message that gives the macro a value",
                    "write the address in place of the macro"));
            return List.of();
        }
        try {
            List<Mailbox> boxes = Mailbox.parseList(mail.text(attribute, ""));
            if (boxes.isEmpty()) {
                problems.add(mail.problem(attribute, "is missing", "expected an address such as ops@corp.example"));
            }
            return boxes;
        } catch (IllegalArgumentException e) {
            problems.add(mail.problem(
                    attribute, String.valueOf(e.getMessage()), "expected an address such as ops@corp.example"));
            return List.of();
        }
    }

    private Optional<AlertSettings.Webhook> webhook(Settings webhook) {
        String name = name(webhook, "webhook");
        Secret secret = new Secret(webhook.text("secret", ""));
        if (secret.reveal().length() < MIN_SECRET) {
            problems.add(webhook.problem(
                    "secret",
                    "is shorter than " + MIN_SECRET + " characters",
                    "use a long random value, preferably from {{file:PATH}}"));
        }
        return url(webhook).map(url -> new AlertSettings.Webhook(name, url, secret));
    }

    private Optional<AlertSettings.Heartbeat> heartbeat(Settings heartbeat) {
        Duration every = duration(heartbeat, "every", AlertSettings.STANDARD_HEARTBEAT);
        if (every.compareTo(MIN_HEARTBEAT) < 0) {
            problems.add(heartbeat.problem("every", "is shorter than a second", "expected PT1S or more"));
        }
        return url(heartbeat).map(url -> new AlertSettings.Heartbeat(url, every));
    }

    /** The URL in {@code url}. Problems do not show it, because its path may be a secret. */
    private Optional<URI> url(Settings element) {
        URI url;
        try {
            url = URI.create(element.text("url", ""));
        } catch (IllegalArgumentException e) {
            return wrongUrl(element, "is not a valid URL", EXPECTED_URL);
        }
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (url.getHost() == null || url.getPort() > MAX_PORT || !scheme.matches("https?")) {
            return wrongUrl(element, "is not a valid http or https URL with a host", EXPECTED_URL);
        }
        if (url.getUserInfo() != null) {
            return wrongUrl(
                    element,
                    "contains a user name, but Sendport sends no credentials to this URL",
                    "remove the user name");
        }
        if (scheme.equals("http") && !isLoopback(url.getHost())) {
            problems.add(Problem.warning(
                    element.originOf("url"),
                    "<" + element.element() + "> url",
                    "requests to this URL cross the network in clear text",
                    "use https"));
        }
        return Optional.of(url);
    }

    private Optional<URI> wrongUrl(Settings element, String what, String advice) {
        problems.add(element.problem("url", what, advice));
        return Optional.empty();
    }

    private String name(Settings channel, String standard) {
        String name = channel.text("name", standard);
        if (!names.add(name)) {
            problems.add(channel.problem(
                    "name",
                    "\"" + name + "\" is already the name of another channel of <alerts>",
                    "give each <mail> and <webhook> its own name"));
        }
        return name;
    }

    /** A duration; the default for a value that the schema has already reported. */
    private static Duration duration(Settings element, String attribute, Duration otherwise) {
        try {
            return element.text(attribute).map(Durations::parse).orElse(otherwise);
        } catch (RuntimeException e) {
            return otherwise;
        }
    }

    /** Does not ask the DNS, whose answer for other names may change. */
    private static boolean isLoopback(String host) {
        return host.equals("localhost") || (host.matches("[0-9.]+|\\[.*]") && LoopbackAddress.isOf(host));
    }
}
