package io.sendport.bench;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.config.Configuration;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Reading;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.process.Environment;
import io.sendport.host.process.HostProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Sendport: each mail durable before its submit is answered, and its result before it counts. */
final class SendportContestant implements Contestant {

    /** As its peers send a text: for base64, which is the default, arrival times cannot be read, and it is a third more. */
    static final String MIME = "<assemble><mime contentTransferEncoding='7bit'/></assemble>";

    private static final String PIPELINE = "<pipeline name='Bench'>" + MIME + "</pipeline>";

    private final HostProcess process;
    private final Terms terms;

    SendportContestant(Path folder, Terms terms) throws Exception {
        this.terms = terms;
        Files.createDirectories(folder);
        Path file = folder.resolve("sendport.xml");
        String recipients = IntStream.rangeClosed(1, terms.recipients())
                .mapToObj(i -> "b" + i + "@customer.example")
                .collect(Collectors.joining(", "));
        Files.writeString(
                file,
                "<sendport xmlns='urn:sendport:config:1'>"
                        + terms.more().getOrDefault("messageBox", "")
                        + terms.more().getOrDefault("pipeline", PIPELINE)
                        + "<host name='H'/>"
                        + "<sendPort name='P' host='H' pipeline='Bench'><smtp host='127.0.0.1' port='" + terms.port()
                        + "' tls='none' maxConnections='"
                        + terms.connections() + "' messagesPerConnection='100000'/><mail from='a@corp.example' to='"
                        + recipients + "' subject='bench'/></sendPort>"
                        + "<sendPort name='Still' host='H' initialState='stopped'><smtp host='127.0.0.1' port='"
                        + terms.port()
                        + "' tls='none'/><mail from='a@corp.example' to='b@customer.example'/></sendPort></sendport>");
        Reading reading = new ConfigurationReader(new CamelPlaceholders()).read(file);
        Configuration configuration = reading.configuration()
                .orElseThrow(
                        () -> new IllegalArgumentException(reading.problems().toString()));
        if (terms.more().containsKey("fakedLedger")) {
            new HostProcess(configuration, Set.of(), Environment.of(folder, Clock.systemUTC())).close();
            fakeLedger(configuration.messageBox().url());
        }
        process = new HostProcess(configuration, Set.of(), Environment.of(folder, Clock.systemUTC()));
        Contestant.sendAll(() -> submit("Still"), Integer.parseInt(terms.more().getOrDefault("waiting", "0")), 16);
    }

    /** The tables of the ledger take everything and keep nothing: what is left is what its text and its hashes cost. */
    private static void fakeLedger(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String table : List.of("audit_segment", "audit_key")) {
                statement.execute("CREATE TRIGGER fake_" + table + " BEFORE INSERT ON " + table
                        + " BEGIN SELECT RAISE(IGNORE); END");
            }
        }
    }

    private void submit(String port) {
        Part part = Part.body("text/plain", Body.wrapping(terms.text()));
        process.submissionService()
                .submit(new Submission(port, Context.empty(), List.of(part), Optional.empty(), "bench"));
    }

    @Override
    public void send() {
        submit("P");
    }

    @Override
    public void settle() throws InterruptedException {
        // By an index alone, since what it costs is part of what is measured.
        while (process.box().store().read(handle -> handle.createQuery(
                        "SELECT EXISTS (SELECT 1 FROM message WHERE port = 'P' AND ended_at IS NULL)")
                .mapTo(Boolean.class)
                .one())) {
            Thread.sleep(30);
        }
    }

    @Override
    public void close() throws Exception {
        process.close();
    }
}
