package io.sendport.console.api;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.submit.Submission;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.check.DryRun;
import io.sendport.host.pipeline.PipelineResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The mails that a port would create from a message. Nothing is stored or sent. */
final class DryRunResponse {

    private static final int MAX_SIZE = 10 * 1024 * 1024;

    private DryRunResponse() {}

    static Answer of(Submission submission, Operations all, ConfigurationAccess workbench) throws IOException {
        if (!all.routing().ports().containsKey(submission.port())) {
            throw ProblemException.invalid("dryRun needs port=NAME: it shows the mails of one port");
        }
        List<Map<String, Object>> mails = new ArrayList<>();
        try {
            new DryRun(workbench.reading().get(), workbench.extensions(), all.clock())
                    .run(submission, result -> add(result, mails));
        } catch (RuntimeException | IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the dry run failed", e);
        }
        return Answer.json(new Items(mails, Optional.empty(), true));
    }

    private static void add(PipelineResult result, List<Map<String, Object>> mails) throws IOException {
        if (result instanceof PipelineResult.Sealed sealed) {
            int left = MAX_SIZE;
            for (Delivery each : sealed.deliveries()) {
                if (each.mail().size() > left) {
                    throw new ProblemException(
                            Problem.Type.TOO_LARGE,
                            "cannot show the mails of this dry run: together they are larger than 10 MB. Nothing was submitted. Run `sendport submit --dry-run --port PORT FILE`");
                }
                left -= (int) each.mail().size();
                mails.add(shown(each));
            }
        }
    }

    private static Map<String, Object> shown(Delivery delivery) throws IOException {
        Map<String, Object> mail = new LinkedHashMap<>();
        mail.put("sender", delivery.sender().map(MailAddress::toString));
        mail.put(
                "recipients",
                delivery.recipients().stream().map(MailAddress::toString).toList());
        mail.put("size", delivery.mail().size());
        try (InputStream in = delivery.mail().open()) {
            mail.put("mail", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        return mail;
    }
}
