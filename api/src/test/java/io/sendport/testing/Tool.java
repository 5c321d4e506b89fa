package io.sendport.testing;

import java.io.IOException;

/** A program that may be installed on this machine. */
public final class Tool {

    private Tool() {}

    /** Whether {@code command} can be started and ends with status 0. */
    public static boolean answers(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
