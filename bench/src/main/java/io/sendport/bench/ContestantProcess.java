package io.sendport.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A contestant's process, and the handle on it. */
final class ContestantProcess implements AutoCloseable {

    private final String name;
    private final Process process;
    private final BufferedReader answers;

    /** Starts one and waits until it can send. */
    ContestantProcess(String name, Path folder, Terms terms) throws IOException {
        this.name = name;
        List<String> command = new ArrayList<>(List.of(ContestantProcess.class.getName(), name, folder.toString()));
        command.addAll(List.of(terms.words()));
        process = JavaProcess.start("-Xmx512m", command.toArray(new String[0]));
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        answer("ready");
    }

    private String answer(String word) throws IOException {
        // Libraries greet on standard output.
        String line = answers.readLine();
        while (line != null && !line.startsWith("bench " + word)) {
            line = answers.readLine();
        }
        if (line == null) {
            throw new IOException(name + " ended");
        }
        return line;
    }

    /**
     * What a run cost.
     *
     * @param began by the machine's monotonic clock
     * @param ended when all was handed in and settled
     * @param used meanwhile
     * @param heap peak since the process began, bytes
     * @param compiled seconds for which its compilers ran
     */
    record Cost(long began, long ended, Usage used, long heap, double compiled) {}

    Cost run(int count) throws IOException {
        Usage before = Usage.of(process.pid());
        process.getOutputStream().write(("run " + count + "\n").getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        String[] words = answer("ended").split(" ");
        return new Cost(
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                Usage.of(process.pid()).since(before),
                Long.parseLong(words[4]),
                Long.parseLong(words[5]) / 1e3);
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    // What follows runs in the other process.

    public static void main(String[] arguments) throws Exception {
        Terms terms = Terms.of(arguments, 2);
        try (Contestant contestant = contestant(arguments[0], Path.of(arguments[1]), terms)) {
            System.out.println("bench ready");
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            for (String each; (each = commands.readLine()) != null; ) {
                long began = System.nanoTime();
                long compiled = compiledMillis();
                contestant.sendAll(Integer.parseInt(each.substring(4)), terms.threads());
                contestant.settle();
                System.out.println("bench ended " + began + " " + System.nanoTime() + " " + heapPeak() + " "
                        + (compiledMillis() - compiled));
            }
        }
        System.exit(0);
    }

    private static long compiledMillis() {
        return ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
    }

    private static long heapPeak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }

    private static Contestant contestant(String name, Path folder, Terms terms) throws Exception {
        return switch (name) {
            case "camel-mail" -> new CamelMailContestant(terms);
            case "camel-mail behind Artemis" -> new QueuedCamelContestant(folder, terms);
            case "Simple Java Mail, batch" -> new SimpleJavaMailContestant(terms);
            case "Angus by hand" -> new AngusContestant(terms);
            case Race.OTHER_PROCESS -> new OtherProcessContestant(folder, terms);
            default -> new SendportContestant(folder, terms);
        };
    }
}
