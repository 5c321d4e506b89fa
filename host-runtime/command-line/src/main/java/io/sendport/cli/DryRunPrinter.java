package io.sendport.cli;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Body;
import io.sendport.host.pipeline.PipelineResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Prints the mails that a dry run produced. */
final class DryRunPrinter {

    private final PrintWriter out;
    private final PrintWriter err;

    /** Writes mails to {@code out} and everything else to {@code err}. */
    DryRunPrinter(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    void print(PipelineResult result) throws IOException {
        if (result instanceof PipelineResult.Consumed consumed) {
            out.println("consumed by " + consumed.by() + ": nothing would be sent");
            return;
        }
        for (Delivery delivery : ((PipelineResult.Sealed) result).deliveries()) {
            err.println("delivery " + delivery.number() + ": from "
                    + delivery.sender().map(MailAddress::toString).orElse("<>") + " to "
                    + delivery.recipients().stream().map(MailAddress::toString).collect(Collectors.joining(", ")));
            print(delivery.mail());
        }
    }

    /** Prints line by line, as text, since a mail in 8-bit transfer encoding may contain terminal control sequences. */
    private void print(Body mail) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(mail.open(), StandardCharsets.UTF_8))) {
            for (String line; (line = lines.readLine()) != null; ) {
                out.print(line);
                out.print("\r\n");
            }
        }
        out.flush();
    }
}
