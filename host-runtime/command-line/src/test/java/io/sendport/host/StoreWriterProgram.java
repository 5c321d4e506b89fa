package io.sendport.host;

import io.sendport.host.box.MessageBox;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.StoreException;
import io.sendport.testing.SettableClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another process that has a store open: for each number on standard input it submits so many messages, and says how it went. */
public final class StoreWriterProgram {

    private StoreWriterProgram() {}

    public static void main(String[] arguments) throws IOException {
        SettableClock clock = new SettableClock();
        try (MessageBox box = MessageBox.open(TestBox.settings(Path.of(arguments[0])), Access.WRITE, clock);
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                try {
                    for (int i = 0; i < Integer.parseInt(line); i++) {
                        TestBox.submit(box, clock, "P");
                    }
                    System.out.println("acknowledged");
                } catch (StoreException e) {
                    System.out.println("refused: " + e.getMessage());
                }
            }
        }
    }

    /** One that runs. */
    static final class Running implements AutoCloseable {
        private final Process process;
        private final OutputStream in;
        private final BufferedReader out;

        Running(Path folder) throws IOException {
            this(folder, List.of());
        }

        /** Started by {@code command}, such as {@code strace} with its options. */
        Running(Path folder, List<String> command) throws IOException {
            List<String> all = new ArrayList<>(command);
            all.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    StoreWriterProgram.class.getName(),
                    folder.toString()));
            this.process = new ProcessBuilder(all)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            this.in = process.getOutputStream();
            this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        /** What it says of so many messages. */
        String submit(int count) throws IOException {
            in.write((count + "\n").getBytes(StandardCharsets.US_ASCII));
            in.flush();
            String said = out.readLine();
            while (said != null && !said.matches("(acknowledged|refused).*")) {
                said = out.readLine();
            }
            return String.valueOf(said);
        }

        long pid() {
            return process.pid();
        }

        @Override
        public void close() {
            List<ProcessHandle> started = process.descendants().toList();
            started.forEach(ProcessHandle::destroyForcibly);
            started.forEach(each -> each.onExit().join());
            process.destroyForcibly().onExit().join();
        }
    }
}
