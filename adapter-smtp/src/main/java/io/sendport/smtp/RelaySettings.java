package io.sendport.smtp;

import io.sendport.api.host.HostServices;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.SettingException;
import io.sendport.api.settings.Settings;
import io.sendport.smtp.relay.Account;
import io.sendport.smtp.relay.OAuth2;
import io.sendport.smtp.relay.Relay;
import io.sendport.smtp.relay.Trust;
import io.sendport.support.Failures;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Finds problems in the settings of a relay without connecting to it. */
final class RelaySettings {

    private static final String FORBIDDEN_IN_HOST = "`~!@#$^&*()=+[]{}\\|;'\",<>/? \t";

    private RelaySettings() {}

    static List<Problem> check(Settings settings, HostServices services) {
        List<Problem> problems = new ArrayList<>(ReplyRules.check(settings));
        problems.addAll(OAuth2.check(settings));
        if (!problems.isEmpty()) {
            return problems;
        }
        String host = settings.text("host", "");
        if (host.isEmpty()) {
            problems.add(settings.problem("host", "is missing", "expected the server's name"));
            return problems;
        }
        if (host.chars().anyMatch(c -> FORBIDDEN_IN_HOST.indexOf(c) >= 0 || c < 33)) {
            problems.add(settings.problem(
                    "host",
                    "\"" + shown(settings, "host") + "\" is not a host name",
                    "expected a DNS name or an IP address"));
            return problems;
        }
        if (!Relay.hasKnownWords(settings)) {
            // The schema reports unknown values of tls and auth.
            return problems;
        }
        Relay relay;
        try {
            relay = Relay.of(settings, services);
        } catch (SettingException e) {
            problems.add(e.problem());
            return problems;
        } catch (IllegalArgumentException e) {
            problems.add(settings.problem("host", String.valueOf(e.getMessage()), ""));
            return problems;
        }
        for (String name : List.of(
                "connectTimeout", "readTimeout", "writeTimeout", "finalReplyTimeout", "idleTimeout", "maxAge")) {
            if (settings.has(name) && settings.duration(name, Duration.ZERO).toMillis() < 1) {
                problems.add(settings.problem(name, "is not positive", "expected a duration such as PT30S"));
            }
        }
        checkCredentials(settings, relay, problems);
        relay.ehlo()
                .filter(name -> !name.matches("[\\p{Alnum}.:_\\[\\]-]{1,255}"))
                .ifPresent(name -> problems.add(settings.problem(
                        "ehlo",
                        "\"" + shown(settings, "ehlo") + "\" is not a host name",
                        "expected a host name, or an IP address in brackets such as [192.0.2.1]")));
        Trust trust = relay.trust();
        trust.pinnedKey()
                .filter(pin -> !pin.matches("[A-Za-z0-9+/]{43}="))
                .ifPresent(pin -> problems.add(settings.problem(
                        "pinnedKey",
                        "is not a SHA-256 digest in base64",
                        "expected 44 characters; `sendport doctor` shows the digest of the server's key")));
        if (relay.mayBeUnencrypted()
                && (trust.pinnedKey().isPresent() || trust.clientKey().isPresent())) {
            String name = trust.pinnedKey().isPresent() ? "pinnedKey" : "clientKey";
            problems.add(settings.problem(
                    name,
                    "has no effect on a connection without TLS",
                    "set tls=\"required\" or \"implicit\", or remove " + name));
        }
        checkFile(
                settings,
                "trustStore",
                trust.withoutClientKey(),
                "use PEM certificates, or a PKCS#12 store and set trustStorePassword",
                problems);
        checkFile(
                settings, "clientKey", trust.withoutStore(), "use a PKCS#12 file and set clientKeyPassword", problems);
        return problems;
    }

    private static void checkFile(
            Settings settings, String name, Trust onlyThis, String advice, List<Problem> problems) {
        if (settings.text(name).isEmpty()) {
            return;
        }
        try {
            onlyThis.context();
        } catch (GeneralSecurityException | IOException e) {
            problems.add(settings.problem(name, Failures.reason(e), advice));
        }
    }

    private static void checkCredentials(Settings settings, Relay relay, List<Problem> problems) {
        Account account = relay.account();
        if (!account.logsOn()) {
            if (settings.has("user") && settings.text("user").isPresent()) {
                problems.add(settings.problem(
                        "user",
                        "is set, but auth is none",
                        "set auth=\"basic\", \"ntlm\" or \"xoauth2\", or leave user out"));
            }
            return;
        }
        boolean hasTicket = account.auth() == Account.Auth.GSSAPI;
        if (account.identity().isEmpty() && !hasTicket) {
            problems.add(settings.problem(
                    "user",
                    "is missing, but auth is " + settings.text("auth", ""),
                    switch (account.auth()) {
                        case NTLM -> "set user and password, or <identity> on the host, or auth=\"none\"";
                        case XOAUTH2 -> "set user, or auth=\"none\"";
                        default -> "set user and password, or auth=\"none\"";
                    }));
        } else if (account.auth() != Account.Auth.XOAUTH2
                && !hasTicket
                && account.identity().orElseThrow().password().reveal().isEmpty()) {
            problems.add(settings.problem("password", "is missing", "expected the password of the account"));
        }
        if (hasTicket && settings.has("password")) {
            problems.add(settings.problem(
                    "password",
                    "is not used with gssapi",
                    "leave it out; Sendport uses a Kerberos ticket, for example from kinit"));
        }
        if (settings.has("ticketCache") && !hasTicket) {
            problems.add(settings.problem(
                    "ticketCache", "is set, but auth is not gssapi", "set auth=\"gssapi\", or leave ticketCache out"));
        }
        if (relay.mayBeUnencrypted() && !account.allowClearText()) {
            problems.add(
                    settings.problem(
                            "auth",
                            "\"" + settings.text("auth", "")
                                    + "\" could send the credentials over a connection without TLS",
                            "set tls=\"required\" or \"implicit\", or allowClearText=\"true\" to send the credentials in clear text"));
        } else if (relay.mayBeUnencrypted()) {
            problems.add(Problem.warning(
                    settings.originOf("allowClearText"),
                    "<" + settings.element() + ">",
                    "allows log-on without TLS, so anyone on the network could read the credentials",
                    "use tls=\"required\""));
        }
    }

    private static String shown(Settings settings, String attribute) {
        var setting = settings.attributes().get(attribute);
        return setting == null ? "" : setting.shown();
    }
}
