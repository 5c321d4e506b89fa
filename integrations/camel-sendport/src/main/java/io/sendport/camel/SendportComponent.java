package io.sendport.camel;

import io.sendport.api.outcome.OutcomeSource;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.Submitter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * {@code sendport:NAME} submits to the send port or group of that name, {@code sendport:*} to every port that subscribes. An exchange goes on once its
 * message is on disk. docs/camel-component.md has options and headers.
 */
@Component("sendport")
public class SendportComponent extends DefaultComponent {

    /** {@code sendport:*}: to every port that subscribes. */
    public static final String SUBSCRIBERS = "*";

    /** {@code sendport:outcomes}, in a {@code from}: what became of the messages. */
    public static final String OUTCOMES = "outcomes";

    @Metadata(description = "Submits the messages; by default the one Submitter in the registry", autowired = true)
    private @Nullable Submitter submitter;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        if (!OUTCOMES.equals(remaining)) {
            checkPort(remaining);
        }
        SendportEndpoint endpoint = new SendportEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /**
     * Refuses an endpoint for a name that does not exist; this one knows no names, and refuses only an empty one.
     *
     * @param name behind {@code sendport:}
     * @throws IllegalArgumentException with what is wrong
     */
    protected void checkPort(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the endpoint names no send port; expected sendport:NAME, or sendport:"
                    + SUBSCRIBERS + " for every port that subscribes");
        }
    }

    /**
     * Submits what an exchange brought.
     *
     * @throws io.sendport.api.submit.SubmissionRefusedException when it can never be taken
     * @throws io.sendport.api.submit.NotNowException when it may be taken later
     */
    protected List<Receipt> publish(Submission submission, Exchange exchange, Submitter to) {
        return to.publish(submission);
    }

    /** The submitter of an endpoint that has none of its own. */
    Submitter requireSubmitter() {
        Submitter own = submitter;
        if (own != null) {
            return own;
        }
        return only(Submitter.class, "submitter=#bean");
    }

    /** The source of an endpoint that has none of its own. */
    OutcomeSource requireSource() {
        return only(OutcomeSource.class, "source=#bean");
    }

    private <T> T only(Class<T> type, String option) {
        Set<T> found = getCamelContext().getRegistry().findByType(type);
        if (found.size() != 1) {
            throw new IllegalStateException("the registry has " + found.size() + " beans of type "
                    + type.getSimpleName() + ", expected one; bind a SendportClient, or name one with " + option);
        }
        return found.iterator().next();
    }

    /** The submitter that was set; null where the registry is asked. */
    public @Nullable Submitter getSubmitter() {
        return submitter;
    }

    /** Sets the submitter of endpoints that name none. */
    public void setSubmitter(Submitter own) {
        submitter = Objects.requireNonNull(own, "submitter");
    }
}
