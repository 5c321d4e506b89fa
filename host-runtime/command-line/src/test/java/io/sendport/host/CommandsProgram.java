package io.sendport.host;

import io.sendport.cli.SendportCommand;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Runs one command after another on the class path of the distribution: each line of standard input has a file for its output, a file for its
 * errors and its arguments, and is answered by the exit status. See {@link WarmCommands}.
 */
final class CommandsProgram {

    static final String SEPARATOR = "\u0001";

    private CommandsProgram() {}

    public static void main(String... none) throws Exception {
        PrintStream answers = System.out;
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.setIn(InputStream.nullInputStream());
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] parts = line.split(SEPARATOR, -1);
            try (PrintStream out = new PrintStream(parts[0], StandardCharsets.UTF_8);
                    PrintStream err = new PrintStream(parts[1], StandardCharsets.UTF_8)) {
                System.setOut(out);
                System.setErr(err);
                String[] arguments = new String[parts.length - 2];
                System.arraycopy(parts, 2, arguments, 0, arguments.length);
                int status = SendportCommand.execute(arguments);
                out.flush();
                answers.println(status);
            }
        }
    }
}
