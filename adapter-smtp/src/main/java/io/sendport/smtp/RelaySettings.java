package io.sendport.smtp;

import io.sendport.api.host.HostServices;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.SettingException;
import io.sendport.api.settings.Settings;
import io.sendport.smtp.relay.Account;
import io.sendport.smtp.relay.OAuth2;
import io.sendport.smtp.relay.Relay;
import io.sendport.smtp.relay.Trust;
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
                    "host", "\"" + shown(settings, "host") + "\" is not a host name", "expected a name or an address"));
            return problems;
        }
        if (!Relay.hasKnownWords(settings)) {
            // The schema reports unknown words in tls and auth.
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
                problems.add(settings.problem(name, "is not positive", "expected one such as PT30S"));
            }
        }
        checkCredentials(settings, relay, problems);
        relay.ehlo()
                .filter(name -> !name.matches("[\\p{Alnum}.:_\\[\\]-]{1,255}"))
                .ifPresent(name -> problems.add(
                        settings.problem("ehlo", "is not a host name", "expected a name or an address literal")));
        Trust trust = relay.trust();
        trust.pinnedKey()
                .filter(pin -> !pin.matches("[A-Za-z0-9+/]{43}="))
                .ifPresent(pin -> problems.add(settings.problem(
                        "pinnedKey",
                        "is not a SHA-256 digest in base64",
                        "expected 44 characters; `sendport doctor` shows it")));
        if (relay.mayBeUnencrypted()
                && (trust.pinnedKey().isPresent() || trust.clientKey().isPresent())) {
            problems.add(settings.problem(
                    trust.pinnedKey().isPresent() ? "pinnedKey" : "clientKey",
                    "has no effect on a channel without TLS",
                    "expected tls=\"required\" or \"implicit\""));
        }
        if (trust.store().isPresent() || trust.clientKey().isPresent()) {
            try {
                trust.context();
            } catch (java.security.GeneralSecurityException | java.io.IOException e) {
                problems.add(settings.problem(
                        trust.clientKey().isPresent() ? "clientKey" : "trustStore",
                        String.valueOf(e.getMessage()),
                        "expected certificates in PEM or a PKCS#12 store"));
            }
        }
        return problems;
    }

    private static void checkCredentials(Settings settings, Relay relay, List<Problem> problems) {
        Account account = relay.account();
        if (!account.logsOn()) {
            if (settings.has("user") && settings.text("user").isPresent()) {
                problems.add(
                        settings.problem("user", "is set, but auth is none", "expected auth=\"basic\" or \"ntlm\""));
            }
            return;
        }
        boolean hasTicket = account.auth() == Account.Auth.GSSAPI;
        if (account.identity().isEmpty() && !hasTicket) {
            problems.add(settings.problem(
                    "user",
                    "is missing, but auth is " + settings.text("auth", ""),
                    account.auth() == Account.Auth.NTLM
                            ? "expected user and password, or the host's <identity>"
                            : "expected user and password"));
        } else if (account.auth() != Account.Auth.XOAUTH2
                && !hasTicket
                && account.identity().orElseThrow().password().reveal().isEmpty()) {
            problems.add(settings.problem("password", "is missing", "expected the password of the account"));
        }
        if (hasTicket && settings.has("password")) {
            problems.add(settings.problem(
                    "password", "is not used with gssapi", "use a Kerberos ticket instead, for example from kinit"));
        }
        if (settings.has("ticketCache") && !hasTicket) {
            problems.add(settings.problem("ticketCache", "is set, but auth is not gssapi", "expected auth=\"gssapi\""));
        }
        if (relay.mayBeUnencrypted() && !account.allowClearText()) {
            problems.add(settings.problem(
                    "auth",
                    "\"" + settings.text("auth", "") + "\" could send the credentials over a channel without TLS",
                    "expected tls=\"required\" or \"implicit\", or allowClearText=\"true\""));
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
