package io.sendport.spring;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code sendport.*}.
 *
 * @param enabled whether to create a Submitter
 * @param mode client: submit to a Sendport in another process; host: run send ports in this application
 * @param client how to reach that Sendport
 * @param host the send ports of this application
 * @param outcomes where listeners store their positions
 */
@ConfigurationProperties("sendport")
public record SendportProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("client") Mode mode,
        @DefaultValue Client client,
        @DefaultValue Host host,
        @DefaultValue Outcomes outcomes) {

    /** Which process sends the messages. */
    public enum Mode {
        /** A Sendport in another process. */
        CLIENT,
        /** This application. */
        HOST
    }

    /** How a submission relates to the current Spring transaction. */
    public enum Transactions {
        /** Joins the current transaction, or fails if it cannot; without a transaction, submits on its own. */
        JOIN,
        /** Joins the current transaction; fails without one. */
        MANDATORY,
        /** Ignores the transaction: the message is sent even if the transaction rolls back. */
        IGNORE
    }

    /**
     * How to reach a Sendport in another process.
     *
     * @param url the URL of the HTTP API, such as https://sendport.corp.example:9877; empty to use the outbox in the application's database
     * @param token the token for the HTTP API
     * @param schema the database schema of the outbox
     * @param transactions how a submission through the outbox relates to the current transaction
     */
    public record Client(
            @Nullable URI url,
            @Nullable String token,
            @DefaultValue("sendport") String schema,
            @DefaultValue("join") Transactions transactions) {

        /** Omits the token. */
        @Override
        public String toString() {
            return "Client[url=" + url + ", schema=" + schema + ", transactions=" + transactions + "]";
        }
    }

    /**
     * The send ports of this application.
     *
     * @param config the configuration file of Sendport
     * @param names hosts to run; empty for all
     * @param drain how long shutdown waits for attempts in progress
     * @param transactions how a submission relates to the current transaction
     */
    public record Host(
            @DefaultValue("config/sendport.xml") Path config,
            @DefaultValue({}) Set<String> names,
            @DefaultValue("30s") Duration drain,
            @DefaultValue("join") Transactions transactions) {}

    /**
     * Where listeners store their positions.
     *
     * @param folder the folder for files with positions; empty to store positions in the application's database
     */
    public record Outcomes(@Nullable Path folder) {}
}
