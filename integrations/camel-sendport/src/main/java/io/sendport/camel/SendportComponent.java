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
 * {@code sendport:NAME} submits to the send port or group of that name, {@code sendport:*} to every port that subscribes. An exchange
 * continues when its message is on disk. docs/camel-component.md lists options and headers.
 */
@Component("sendport")
public class SendportComponent extends DefaultComponent {

    /** {@code sendport:*}: to every port that subscribes. */
    public static final String SUBSCRIBERS = "*";

    /** {@code sendport:outcomes}, in a {@code from}: receives the outcomes of messages. */
    public static final String OUTCOMES = "outcomes";

    @Metadata(description = "Submits the messages. Default: the only Submitter in the registry", autowired = true)
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
     * Refuses an endpoint whose name does not exist. This implementation does not know the ports, and refuses only an empty name.
     *
     * @param name the text after {@code sendport:}
     * @throws IllegalArgumentException with the reason
     */
    protected void checkPort(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the endpoint has no send port; expected sendport:NAME, or sendport:"
                    + SUBSCRIBERS + " for every port that subscribes");
        }
    }

    /**
     * Submits the content of an exchange.
     *
     * @throws io.sendport.api.submit.SubmissionRefusedException when the same submission would be refused again
     * @throws io.sendport.api.submit.NotNowException when the same submission may succeed later
     */
    protected List<Receipt> publish(Submission submission, Exchange exchange, Submitter to) {
        return to.publish(submission);
    }

    /** The submitter for endpoints that have none of their own. */
    Submitter requireSubmitter() {
        Submitter own = submitter;
        if (own != null) {
            return own;
        }
        return only(Submitter.class, "submitter=#bean");
    }

    /** The source for endpoints that have none of their own. */
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

    /** The submitter; null to look it up in the registry. */
    public @Nullable Submitter getSubmitter() {
        return submitter;
    }

    /** Sets the submitter for endpoints that have none of their own. */
    public void setSubmitter(Submitter own) {
        submitter = Objects.requireNonNull(own, "submitter");
    }
}
