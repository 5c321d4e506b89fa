package io.sendport.host.camel;

import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.Submitter;
import io.sendport.camel.SendportComponent;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;

/** The component {@code sendport} as a host's feeds have it: it knows the ports that exist, and waits while the message box has no room. */
final class FeedComponent extends SendportComponent {

    private final FeedBackPressure patience;
    private volatile Set<String> ports;

    FeedComponent(FeedBackPressure patience, Submitter submitter, Set<String> ports) {
        this.patience = patience;
        this.ports = Set.copyOf(ports);
        setSubmitter(submitter);
    }

    /** From now on these are the names there are. */
    void know(Set<String> names) {
        ports = Set.copyOf(names);
    }

    /** What is wrong with the name behind {@code sendport:}. */
    Optional<String> fault(String name) {
        return name.equals(SUBSCRIBERS) || ports.contains(name)
                ? Optional.empty()
                : Optional.of(
                        "unknown send port or group \"" + name + "\"; expected one of " + ports + " or " + SUBSCRIBERS);
    }

    @Override
    protected void checkPort(String name) {
        fault(name).ifPresent(fault -> {
            throw new IllegalArgumentException(fault);
        });
    }

    @Override
    protected List<Receipt> publish(Submission submission, Exchange exchange, Submitter to) {
        return patience.publish(submission, exchange, to);
    }
}
