package io.sendport.host.camel;

import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.Submitter;
import io.sendport.camel.SendportComponent;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;

/**
 * The component {@code sendport} for the feeds of a host. Checks port names, and applies back-pressure. Safe for use by several threads.
 */
final class FeedComponent extends SendportComponent {

    private final FeedBackPressure backPressure;
    private volatile Set<String> ports;

    FeedComponent(FeedBackPressure backPressure, Submitter submitter, Set<String> ports) {
        this.backPressure = backPressure;
        this.ports = Set.copyOf(ports);
        setSubmitter(submitter);
    }

    /** Replaces the names of ports and groups to which feeds can submit. */
    void setPorts(Set<String> names) {
        ports = Set.copyOf(names);
    }

    /** The fault of the name after {@code sendport:}; empty when the name is valid. */
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
        return backPressure.publish(submission, exchange, to);
    }
}
