package io.sendport.config.build;

import io.sendport.api.adapter.SendAdapter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** Builds {@code <sendPort>}. Not thread-safe. */
public final class PortBuilder extends ElementBuilder<PortBuilder> {

    private final Node root;

    PortBuilder(Node node, Node root) {
        super(node);
        this.root = root;
    }

    /** Sets the host that runs the port; the default is the only host. */
    public PortBuilder host(String name) {
        return set("host", name);
    }

    /** Sets the author, as {@link MailBuilder#from}. */
    public PortBuilder from(String address) {
        return mail(mail -> mail.from(address));
    }

    /** Sets the recipients, as {@link MailBuilder#to}. */
    public PortBuilder to(String... addresses) {
        return mail(mail -> mail.to(addresses));
    }

    /** Sets the subject, as {@link MailBuilder#subject}. */
    public PortBuilder subject(String text) {
        return mail(mail -> mail.subject(text));
    }

    /** Sets the domains that recipients may have, as {@link MailBuilder#domains}. */
    public PortBuilder domains(String... domains) {
        return mail(mail -> mail.domains(domains));
    }

    /** Configures the mails of the port. A second call adds to the first. */
    public PortBuilder mail(Consumer<MailBuilder> content) {
        content.accept(new MailBuilder(node.one("mail")));
        return this;
    }

    /** Makes the port dynamic: each message brings its own recipients and subject. {@code domains} lists the allowed domains. */
    public PortBuilder dynamic(String... domains) {
        return add("dynamic", dynamic -> dynamic.set("domains", String.join(" ", domains)));
    }

    /** Sets the server of the port. The port inherits other settings from the host. */
    public PortBuilder smtp(Consumer<SmtpBuilder> content) {
        content.accept(new SmtpBuilder(node.one("smtp")));
        return this;
    }

    /** Sends through an adapter of the application, which owns the instance: the engine does not close it. */
    public PortBuilder adapter(SendAdapter instance) {
        String name = node.instances.name(instance);
        return adapter(adapter -> adapter.set("bean", name));
    }

    /** Sends through {@code <adapter>}, such as a class of a plug-in or a registered instance. */
    public PortBuilder adapter(Consumer<AnyElement> content) {
        return add("adapter", content);
    }

    /** Sends to a Camel endpoint. */
    public PortBuilder camel(String uri) {
        return add("camel", camel -> camel.set("uri", uri));
    }

    /** Sets the backup transport, which is used after the retries. */
    public PortBuilder backup(Consumer<SmtpBuilder> smtp) {
        smtp.accept(new SmtpBuilder(node.one("backupTransport").one("smtp")));
        return this;
    }

    /** Uses a pipeline that several ports share. */
    public PortBuilder pipeline(String name) {
        return set("pipeline", name);
    }

    /** Gives the port its own pipeline, with the port's name. */
    public PortBuilder pipeline(Consumer<PipelineBuilder> content) {
        String name = node.text("name").orElse("");
        Node pipeline = root.add("pipeline");
        pipeline.set("name", name, false);
        content.accept(new PipelineBuilder(pipeline));
        return pipeline(name);
    }

    /** Transforms messages of a type ({@code namespace#root}) with XSLT 1.0 before the pipeline. */
    public PortBuilder map(String messageType, Path stylesheet) {
        return add("map", map -> map.set("messageType", messageType).set("stylesheet", stylesheet));
    }

    /** Sets when deliveries are retried. */
    public PortBuilder retry(Consumer<RetryBuilder> content) {
        content.accept(new RetryBuilder(node.one("retry")));
        return this;
    }

    /** Sends strictly in the order of submission. */
    public PortBuilder ordered() {
        return set("ordered", true);
    }

    /** Sets the priority among the ports of a host: 1 first, 10 last; the default is 5. */
    public PortBuilder priority(int priority) {
        return set("priority", priority);
    }

    /** Limits the messages of this port. */
    public PortBuilder rate(int messages, Duration per) {
        return add("rate", rate -> rate.set("messages", messages).set("per", per));
    }

    /** Adds a service window. */
    public PortBuilder serviceWindow(Consumer<AnyElement> content) {
        return add("serviceWindow", content);
    }

    /** Sets the limits above which submissions are refused. */
    public PortBuilder limits(Consumer<AnyElement> content) {
        content.accept(new AnyElement(node.one("limits")));
        return this;
    }

    /** Subscribes to messages for which all of these conditions are true. A second call adds an alternative. */
    public PortBuilder subscribe(Consumer<ConditionsBuilder> all) {
        all.accept(new ConditionsBuilder(node.one("subscribe").add("all")));
        return this;
    }
}
