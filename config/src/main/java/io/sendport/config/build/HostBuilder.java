package io.sendport.config.build;

import io.sendport.api.settings.Secret;
import java.util.function.Consumer;

/** Builds {@code <host>}. Its ports inherit server, mail and retry. Not thread-safe. */
public final class HostBuilder extends ElementBuilder<HostBuilder> {

    HostBuilder(Node node) {
        super(node);
    }

    /** Sets the server for ports without their own server. */
    public HostBuilder smtp(Consumer<SmtpBuilder> content) {
        content.accept(new SmtpBuilder(node.one("smtp")));
        return this;
    }

    /** Configures the mails of all ports. */
    public HostBuilder mail(Consumer<MailBuilder> content) {
        content.accept(new MailBuilder(node.one("mail")));
        return this;
    }

    /** Sets when deliveries are retried. */
    public HostBuilder retry(Consumer<RetryBuilder> content) {
        content.accept(new RetryBuilder(node.one("retry")));
        return this;
    }

    /** Sets the account that NTLM uses. */
    public HostBuilder identity(String domain, String user, Secret password) {
        new AnyElement(node.one("identity"))
                .set("domain", domain)
                .set("user", user)
                .set("password", password);
        return this;
    }

    /** Adds an audit relay, which receives all mail of the host. */
    public HostBuilder auditRelay(Consumer<AnyElement> content) {
        return add("auditRelay", content);
    }

    /** Adds Camel routes that feed ports: a file, or a pattern such as {@code routes/*.xml}. */
    public HostBuilder routes(String file) {
        return add("routes", routes -> routes.set("file", file));
    }

    /** Replaces every recipient by this address, for test environments. */
    public HostBuilder redirectTo(String address) {
        return set("redirectTo", address);
    }
}
