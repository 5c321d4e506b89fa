package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Submits one file after the other while a test changes the installation, as a program does: each file with a key, and again after a refusal. */
final class SteadySubmitter {

    private final Path folder;
    private final String configuration;
    private final IntPredicate isToRepeat;
    private final ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isSubmitting = new AtomicBoolean(true);
    private final AtomicReference<Installation> inUse;
    private final Thread thread = new Thread(this::submitAll);

    /**
     * Submits to port P, with subject {@code Order %MIME.FileName%}.
     *
     * @param folder for the files
     * @param isToRepeat the exit statuses after which a file is submitted again
     */
    SteadySubmitter(Path folder, String configuration, Installation first, IntPredicate isToRepeat) {
        this.folder = folder;
        this.configuration = configuration;
        this.inUse = new AtomicReference<>(first);
        this.isToRepeat = isToRepeat;
        thread.start();
    }

    void use(Installation next) {
        inUse.set(next);
    }

    private void submitAll() {
        try {
            for (int i = 0; isSubmitting.get(); i++) {
                String name = "m" + i + ".txt";
                Files.writeString(folder.resolve(name), "order " + i);
                int status = submit(name);
                while (isToRepeat.test(status)) {
                    status = submit(name);
                }
                if (status == 0) {
                    acknowledged.add(name);
                } else {
                    refused.add(name + ": " + Installed.read(folder.resolve("submit.log")));
                }
            }
        } catch (Exception e) {
            refused.add(e.toString());
        }
    }

    private int submit(String name) throws Exception {
        Path log = folder.resolve("submit.log");
        Process process = inUse.get()
                .start(
                        folder,
                        "",
                        folder.resolve("submit.out"),
                        log,
                        "submit",
                        "-c",
                        configuration,
                        "--port",
                        "P",
                        "--dedupe",
                        name,
                        name);
        Patience.untilEnd(process);
        return process.exitValue();
    }

    void awaitMore(int count) throws Exception {
        int now = acknowledged.size();
        Patience.until("more submissions", () -> acknowledged.size() >= now + count);
    }

    void stop() throws InterruptedException {
        isSubmitting.set(false);
        thread.join(Patience.LIMIT.toMillis());
        assertThat(thread.isAlive()).isFalse();
        assertThat(refused).isEmpty();
    }

    /** What was acknowledged arrives once, and nothing else does. */
    void requireEachOnce(ScriptedServer relay) throws Exception {
        Patience.until("all mails", () -> relay.mails().size() >= acknowledged.size());
        Pattern subject = Pattern.compile("(?m)^Subject: Order (\\S+)");
        List<String> arrived = new ArrayList<>();
        for (String each : relay.mails()) {
            Matcher matcher = subject.matcher(each);
            assertThat(matcher.find()).as(each).isTrue();
            arrived.add(matcher.group(1));
        }
        Map<String, Long> counts =
                arrived.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(counts).as("each once").allSatisfy((name, count) -> assertThat(count)
                .isOne());
        assertThat(counts.keySet()).containsExactlyInAnyOrderElementsOf(acknowledged);
    }
}
