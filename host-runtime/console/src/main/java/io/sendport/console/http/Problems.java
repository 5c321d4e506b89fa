package io.sendport.console.http;

import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.config.read.ConfigurationException;
import io.sendport.host.box.KeyTakenException;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Refusal;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.store.commit.StoreException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Maps failures to problems for callers. */
public final class Problems {

    private static final Map<String, String> SOON = Map.of("Retry-After", "5");

    private Problems() {}

    /** The problem for {@code failure}; empty for an internal error. */
    static Optional<Problem> of(Throwable failure) {
        String detail = String.valueOf(failure.getMessage());
        if (failure instanceof ProblemException known) {
            return Optional.of(known.problem());
        }
        if (failure instanceof RefusedException refused) {
            return Optional.of(new Problem(type(refused.refusal()), detail, List.of(), Map.of()));
        }
        if (failure instanceof ConfigurationException wrong) {
            return Optional.of(new Problem(
                    Problem.Type.REFUSED,
                    "the configuration has errors",
                    wrong.problems().stream().map(Json::fields).toList(),
                    Map.of()));
        }
        if (failure.getCause() instanceof KeyTakenException) {
            return Optional.of(new Problem(Problem.Type.CONFLICT, detail, List.of(), Map.of()));
        }
        if (failure instanceof SubmissionRefusedException) {
            return Optional.of(new Problem(Problem.Type.REFUSED, detail, List.of(), Map.of()));
        }
        if (failure instanceof NotNowException || failure instanceof StoreException) {
            return Optional.of(new Problem(Problem.Type.NOT_NOW, detail, List.of(), SOON));
        }
        return Optional.empty();
    }

    private static Problem.Type type(Refusal refusal) {
        if (refusal instanceof Refusal.NotFound) {
            return Problem.Type.NOT_FOUND;
        }
        if (refusal instanceof Refusal.Ambiguous) {
            return Problem.Type.AMBIGUOUS;
        }
        if (refusal instanceof Refusal.Changed) {
            return Problem.Type.CHANGED;
        }
        return refusal instanceof Refusal.Invalid ? Problem.Type.VALIDATION : Problem.Type.CONFLICT;
    }
}
