package io.sendport.config.build;

import io.sendport.api.settings.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** Builds {@code <smtp>} or {@code <smtpConnection>}. Not thread-safe. */
public final class SmtpBuilder extends ElementBuilder<SmtpBuilder> {

    SmtpBuilder(Node node) {
        super(node);
    }

    /** TLS protection of the connection. */
    public enum Tls {
        /** Clear text. */
        NONE("none"),
        /** STARTTLS if the server offers it, else clear text. */
        OPPORTUNISTIC("opportunistic"),
        /** STARTTLS; without it, nothing is sent. */
        REQUIRED("required"),
        /** TLS from the first byte. */
        IMPLICIT("implicit");

        private final String word;

        Tls(String word) {
            this.word = word;
        }
    }

    /** Uses a shared connection. Settings of this builder override it. */
    public SmtpBuilder connection(String name) {
        return set("connection", name);
    }

    /** Sets the server; its TCP port depends on {@link #tls}. */
    public SmtpBuilder server(String host) {
        return set("host", host);
    }

    /** Sets the server and its TCP port. */
    public SmtpBuilder server(String host, int port) {
        return set("host", host).set("port", port);
    }

    /** Sets the TLS protection of the connection; the default is {@link Tls#REQUIRED}. */
    public SmtpBuilder tls(Tls tls) {
        return set("tls", tls.word);
    }

    /** Logs on with a password. */
    public SmtpBuilder basic(String user, Secret password) {
        return set("auth", "basic").set("user", user).set("password", password);
    }

    /** Logs on with NTLM; {@code domain} may be empty. */
    public SmtpBuilder ntlm(String domain, String user, Secret password) {
        return set("auth", "ntlm").set("domain", domain).set("user", user).set("password", password);
    }

    /** Logs on with NTLM, as the identity of the host. */
    public SmtpBuilder ntlm() {
        return set("auth", "ntlm");
    }

    /** Logs on with the Kerberos ticket of {@code user}. */
    public SmtpBuilder gssapi(String user) {
        return set("auth", "gssapi").set("user", user);
    }

    /** Logs on to the mailbox {@code user} with an access token; {@code oauth2} configures how to get it. */
    public SmtpBuilder xoauth2(String user, Consumer<AnyElement> oauth2) {
        return set("auth", "xoauth2").set("user", user).add("oauth2", oauth2);
    }

    /** Trusts the authorities of a PEM file. */
    public SmtpBuilder trustStore(Path file) {
        return set("trustStore", file);
    }

    /** Trusts the authorities of a PKCS#12 file. */
    public SmtpBuilder trustStore(Path file, Secret password) {
        return set("trustStore", file).set("trustStorePassword", password);
    }

    /** Presents a client certificate, from a PKCS#12 file. */
    public SmtpBuilder clientKey(Path file, Secret password) {
        return set("clientKey", file).set("clientKeyPassword", password);
    }

    /** Sets the maximum concurrent connections; the default is 4. */
    public SmtpBuilder maxConnections(int connections) {
        return set("maxConnections", connections);
    }

    /** Sets the maximum recipients in one transaction; the default is 100. */
    public SmtpBuilder maxRecipients(int recipients) {
        return set("maxRecipients", recipients);
    }

    /** Sets the timeouts for connecting and for a reply; the defaults are 30 seconds and 5 minutes. */
    public SmtpBuilder timeouts(Duration connect, Duration read) {
        return set("connectTimeout", connect).set("readTimeout", read);
    }

    /** Limits the messages to this server, for all ports together. */
    public SmtpBuilder rate(int messages, Duration per) {
        return add("rate", rate -> rate.set("messages", messages).set("per", per));
    }

    /** Uses the reply rules for a known server: {@code exchange}, {@code microsoft365} or {@code postfix}. */
    public SmtpBuilder replies(String preset) {
        return add("replies", replies -> replies.set("preset", preset));
    }
}
