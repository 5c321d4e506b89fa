package io.sendport.spring;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties that begin with {@code sendport}.
 *
 * @param enabled whether there is a submitter at all
 * @param mode whether messages are submitted to a Sendport that runs elsewhere, or are sent by this application
 * @param client how messages reach a Sendport that runs elsewhere
 * @param host what this application sends by itself
 * @param outcomes how listeners read what became of messages
 */
@ConfigurationProperties("sendport")
public record SendportProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("client") Mode mode,
        @DefaultValue Client client,
        @DefaultValue Host host,
        @DefaultValue Outcomes outcomes) {

    /** Where messages are sent. */
    public enum Mode {
        /** By a Sendport that runs elsewhere. */
        CLIENT,
        /** By this application. */
        HOST
    }

    /** What a submit has to do with the transaction that Spring has under way. */
    public enum Transactions {
        /** It joins the transaction under way, or fails where that is not possible; without a transaction it stands alone. */
        JOIN,
        /** It joins the transaction under way; without one it fails. */
        MANDATORY,
        /** It stands alone: the message is sent even if the transaction is rolled back. */
        IGNORE
    }

    /**
     * How messages reach a Sendport that runs elsewhere.
     *
     * @param url the server of the HTTP API, such as https://sendport.corp.example:9877; without it the outbox in the application's database is used
     * @param token for the HTTP API
     * @param schema the database schema of the outbox
     * @param transactions what a submit through the outbox has to do with the transaction under way
     */
    public record Client(
            @Nullable URI url,
            @Nullable String token,
            @DefaultValue("sendport") String schema,
            @DefaultValue("join") Transactions transactions) {

        /** Without the token. */
        @Override
        public String toString() {
            return "Client[url=" + url + ", schema=" + schema + ", transactions=" + transactions + "]";
        }
    }

    /**
     * What this application sends by itself.
     *
     * @param config the configuration file of Sendport
     * @param names of the hosts in it that run here; empty: all of them
     * @param drain how long attempts under way may take when the application ends
     * @param transactions what a submit has to do with the transaction under way
     */
    public record Host(
            @DefaultValue("config/sendport.xml") Path config,
            @DefaultValue({}) Set<String> names,
            @DefaultValue("30s") Duration drain,
            @DefaultValue("join") Transactions transactions) {}

    /**
     * How listeners read what became of messages.
     *
     * @param folder keeps the positions in files; without it they are in the application's database
     */
    public record Outcomes(@Nullable Path folder) {}
}
