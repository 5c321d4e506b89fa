package io.sendport.smtp.sasl;

import io.sendport.support.Failures;
import java.nio.file.Path;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;

/**
 * GSSAPI with an existing Kerberos ticket, such as one from {@code kinit} (RFC 4752). The owner of the ticket logs on, and the server
 * proves its identity. The JDK's {@code krb5.conf} determines realm, KDC and the KDC timeout.
 */
public final class Kerberos implements Mechanism {

    private static final String MODULE = "com.sun.security.auth.module.Krb5LoginModule";

    private final LoginContext login;
    private final SaslClient client;

    /**
     * Takes the ticket, and requests one for {@code smtp/host} with it.
     *
     * @param principal the owner of the ticket; when empty, the owner of the default ticket
     * @param cache the ticket file; empty for the default one
     * @throws SaslException without a ticket, or without a KDC that issues one for this server
     */
    public Kerberos(String host, Optional<String> principal, Optional<Path> cache) throws SaslException {
        Map<String, String> options = new HashMap<>();
        options.put("useTicketCache", "true");
        options.put("doNotPrompt", "true");
        options.put("refreshKrb5Config", "true");
        principal.ifPresent(name -> options.put("principal", name));
        cache.ifPresent(file -> options.put("ticketCache", file.toString()));
        try {
            login = new LoginContext("sendport", new Subject(), null, inMemory(options));
            login.login();
        } catch (LoginException e) {
            throw new SaslException(
                    "no Kerberos ticket found"
                            + cache.map(file -> " in " + file).orElse("") + ": "
                            + String.valueOf(e.getMessage()).strip(),
                    e);
        }
        SaslClient made = as(() -> Sasl.createSaslClient(
                new String[] {"GSSAPI"}, null, "smtp", host, Map.of(Sasl.QOP, "auth", Sasl.SERVER_AUTH, "true"), null));
        if (made == null) {
            throw new SaslException("this Java does not support GSSAPI");
        }
        client = made;
    }

    private static Configuration inMemory(Map<String, String> options) {
        return new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                return new AppConfigurationEntry[] {
                    new AppConfigurationEntry(MODULE, LoginModuleControlFlag.REQUIRED, options)
                };
            }
        };
    }

    @Override
    public String name() {
        return "GSSAPI";
    }

    @Override
    public byte[] initialResponse() throws SaslException {
        return response(new byte[0]);
    }

    @Override
    public byte[] response(byte[] challenge) throws SaslException {
        byte[] answer = as(() -> client.evaluateChallenge(challenge));
        return answer == null ? new byte[0] : answer;
    }

    @Override
    public boolean isComplete() {
        return client.isComplete();
    }

    private <T> T as(PrivilegedExceptionAction<T> action) throws SaslException {
        try {
            return Subject.doAs(login.getSubject(), action);
        } catch (PrivilegedActionException | RuntimeException e) {
            // The JDK parses the server's data without checking its length first.
            throw new SaslException("Kerberos: " + Failures.reason(e).strip(), e);
        }
    }

    @Override
    public void close() {
        try {
            client.dispose();
            login.logout();
        } catch (SaslException | LoginException e) {
            throw new IllegalStateException("cannot end a Kerberos log-on", e);
        }
    }
}
