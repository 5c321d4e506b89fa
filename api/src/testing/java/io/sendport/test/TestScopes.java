package io.sendport.test;

import io.sendport.api.component.EncodeScope;
import io.sendport.api.component.MessageScope;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Workspace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Scopes for tests of a single component without a host. */
public final class TestScopes {

    private static final String PORT = "Test";

    private TestScopes() {}

    /** A scope for a {@code MessageComponent}; keeps content in memory. */
    public static MessageScope message() {
        return message(TestHost.MEMORY);
    }

    /** A scope for a {@code MessageComponent}; writes content to {@code workspace}. */
    public static MessageScope message(Workspace workspace) {
        return new MessageScope() {
            @Override
            public String port() {
                return PORT;
            }

            @Override
            public Workspace workspace() {
                return workspace;
            }
        };
    }

    /** A scope for an {@code Encoder}: a delivery to these recipients; keeps content in memory. */
    public static Encoding encode(String... recipients) {
        return new Encoding(
                TestHost.MEMORY,
                Arrays.stream(recipients).map(MailAddress::parse).toList());
    }

    /** A delivery for tests that records what the encoder does. Not thread-safe. */
    public static final class Encoding implements EncodeScope {

        private final Workspace workspace;
        private final List<MailAddress> recipients;
        private final Map<String, String> recorded = new LinkedHashMap<>();
        private final Map<MailAddress, String> leftOut = new LinkedHashMap<>();
        private HeaderFields header = HeaderFields.none();

        Encoding(Workspace workspace, List<MailAddress> recipients) {
            this.workspace = workspace;
            this.recipients = new ArrayList<>(recipients);
        }

        /** Adds a field to the outer header. */
        public Encoding header(String name, String value) {
            header = header.plus(name, value);
            return this;
        }

        /** The facts that the encoder recorded, by name. */
        public Map<String, String> recorded() {
            return Map.copyOf(recorded);
        }

        /** The recipients that the encoder left out, with the reason. */
        public Map<MailAddress, String> leftOut() {
            return Map.copyOf(leftOut);
        }

        @Override
        public String port() {
            return PORT;
        }

        @Override
        public Workspace workspace() {
            return workspace;
        }

        @Override
        public MessageId messageId() {
            return new MessageId("6f0c2b1e-0000-4000-8000-000000000001");
        }

        @Override
        public Instant submittedAt() {
            return Instant.parse("2026-11-21T08:00:00Z");
        }

        @Override
        public Optional<MailAddress> author() {
            return Optional.of(MailAddress.parse("billing@corp.example"));
        }

        @Override
        public List<MailAddress> recipients() {
            return List.copyOf(recipients);
        }

        @Override
        public void leaveOut(MailAddress recipient, String why) {
            recipients.remove(recipient);
            leftOut.put(recipient, why);
        }

        @Override
        public HeaderFields header() {
            return header;
        }

        @Override
        public void record(String name, String value) {
            recorded.put(name, value);
        }
    }
}
