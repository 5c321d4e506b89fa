package io.sendport.api.component;

import io.sendport.api.adapter.Finding;
import io.sendport.api.host.HostServices;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes mail signers for one XML element of a send port. Found by {@link java.util.ServiceLoader}. Each host instance has one factory.
 * Thread-safe.
 */
public interface MailSignerFactory {

    /** The element's name in a send port, such as {@code dkim}. */
    String element();

    /** Returns every problem of these settings. Connects to no server. */
    List<Problem> check(Settings settings, HostServices host);

    /**
     * Makes the signer.
     *
     * @throws Exception when {@link #check} would have found a problem, or the environment has failed since then
     */
    MailSigner create(Settings settings, HostServices host) throws Exception;

    /**
     * Checks whether receivers can verify the signatures made with these settings. Takes at most 15 seconds.
     *
     * @param nameServer the DNS server to ask, as {@code HOST} or {@code HOST:PORT}; empty for those of this machine
     * @param to receives each finding as soon as it is known
     */
    void diagnose(Settings settings, HostServices host, Optional<String> nameServer, Consumer<Finding> to);
}
