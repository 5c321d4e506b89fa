package io.sendport.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A host in this process, and {@code sendport submit} in another: a new one for each round, which submits files. */
final class OtherProcessContestant implements Contestant {

    private final SendportContestant host;
    private final Path folder;
    private final Terms terms;
    private final List<String> files = new ArrayList<>();

    OtherProcessContestant(Path folder, Terms terms) throws Exception {
        this.host = new SendportContestant(folder, terms);
        this.folder = folder;
        this.terms = terms;
    }

    @Override
    public void send() {
        host.send();
    }

    @Override
    public void sendAll(int count, int threads) throws Exception {
        while (files.size() < count) {
            Path file = folder.resolve("m" + files.size() + ".txt");
            byte[] text = terms.text();
            // A file is older than its submit: its time would be no latency.
            text[0] = 'S';
            Files.write(file, text);
            files.add(file.toString());
        }
        List<String> command = new ArrayList<>(List.of(
                "io.sendport.cli.Main",
                "submit",
                "-c",
                folder.resolve("sendport.xml").toString(),
                "--port",
                "P"));
        command.addAll(files.subList(0, count));
        Process process = JavaProcess.start("-Xmx256m", command.toArray(new String[0]));
        process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException("submit failed: " + process.exitValue());
        }
    }

    @Override
    public void settle() throws InterruptedException {
        host.settle();
    }

    @Override
    public void close() throws Exception {
        host.close();
    }
}
