package io.sendport.host;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Reading;
import io.sendport.host.box.MessageRow;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.process.Environment;
import io.sendport.host.process.HostProcess;
import io.sendport.host.process.Revision;
import io.sendport.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A host process inside a test, with real parts throughout, on a configuration that the test writes. */
public final class RunningHost implements AutoCloseable {

    private final HostProcess process;

    private RunningHost(HostProcess process) {
        this.process = process;
    }

    /** Starts it in {@code folder}, with what stands between {@code <sendport>} and its end. */
    public static RunningHost start(Path folder, String content) throws Exception {
        return start(folder, content, Clock.systemUTC());
    }

    /** As above, by a clock of the test's. */
    public static RunningHost start(Path folder, String content, Clock clock) throws Exception {
        return start(folder, content, Environment.of(folder.resolve("plugins"), clock));
    }

    /** As above, in an environment of the test's. */
    public static RunningHost start(Path folder, String content, Environment environment) throws Exception {
        Reading reading = read(folder, content);
        if (reading.hasErrors()) {
            throw new IllegalArgumentException(reading.problems().toString());
        }
        return new RunningHost(new HostProcess(reading.configuration().orElseThrow(), Set.of(), environment));
    }

    /** As {@link #start(Path, String)}, and takes over the file when it changes. */
    public static RunningHost following(Path folder, String content) throws Exception {
        write(folder, content);
        Revision.Source source = () -> revision(folder);
        return new RunningHost(new HostProcess(
                source.read(), source, Set.of(), Environment.of(folder.resolve("plugins"), Clock.systemUTC())));
    }

    private static Revision revision(Path folder) throws Revision.RefusedException {
        Reading reading = new ConfigurationReader(new CamelPlaceholders()).read(folder.resolve("sendport.xml"));
        if (reading.hasErrors()) {
            throw new Revision.RefusedException(
                    reading.problems().stream().map(Object::toString).toList());
        }
        return Revision.of(reading.configuration().orElseThrow());
    }

    /** Writes the configuration, as an editor does: at once. */
    static void write(Path folder, String content) throws IOException {
        Path file = folder.resolve("sendport.xml");
        Path part = folder.resolve("sendport.part");
        Files.writeString(part, "<sendport xmlns=\"urn:sendport:config:1\">\n" + content + "\n</sendport>\n");
        Files.move(part, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    /** What comes of reading it. */
    public static Reading read(Path folder, String content) throws IOException {
        Path file = folder.resolve("sendport.xml");
        Files.writeString(file, "<sendport xmlns=\"urn:sendport:config:1\">\n" + content + "\n</sendport>\n");
        return new ConfigurationReader(new CamelPlaceholders()).read(file);
    }

    public HostProcess process() {
        return process;
    }

    public MessageId submit(String port, Body body) {
        return submit(port, body, Context.empty());
    }

    public MessageId submit(String port, Body body, Context context) {
        return submit(port, Part.body("text/plain", body), context);
    }

    public MessageId submit(String port, Part part, Context context) {
        return process.submissionService()
                .submit(new Submission(port, context, List.of(part), Optional.empty(), "test"))
                .id();
    }

    public MessageRow row(MessageId id) {
        return process.box().queries().byPrefix(id.value()).get(0);
    }

    /** The message once it is as wanted; as it is after {@link Patience#LIMIT} otherwise. */
    public MessageRow await(MessageId id, Predicate<MessageRow> wanted) throws InterruptedException {
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        MessageRow row = row(id);
        while (!wanted.test(row) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
            row = row(id);
        }
        return row;
    }

    /** What the ledger holds of a message, oldest first. */
    public List<AuditRecord> records(MessageId id) {
        List<AuditRecord> records = new ArrayList<>();
        process.box().ledger().read(AuditFilter.ofMessage(id.value()), records::add);
        return records;
    }

    /** What operators are told of that kind, in detail; empty when nothing is. */
    public String told(ConditionKind kind) {
        return process.health().conditions().stream()
                .filter(each -> each.kind() == kind)
                .map(Condition::detail)
                .collect(Collectors.joining("; "));
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
