package io.sendport.config.port;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Settings;
import io.sendport.support.Domains;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code <sendPort>} with everything that it inherits.
 *
 * @param name its name
 * @param origin the position in the configuration
 * @param host the host that runs it
 * @param application groups ports for people; may be empty
 * @param initialState its state when first seen
 * @param pipeline its pipeline
 * @param maps outbound map by message type
 * @param mail the effective {@code <mail>}: the port's own over the host's
 * @param dkim the effective {@code <dkim>}: the port's own over the host's; empty when mails are not signed with DKIM
 * @param transport the effective {@code <smtp>} or {@code <camel>}: that of the audit relay, else the port's own over its connection's over
 *     the host's
 * @param standbys further audit relays of its host; each takes over while all before it are unavailable
 * @param relayRates rate limits of its server, shared by all ports
 * @param retry when to retry
 * @param backup takes over when the retries are used up
 * @param subscription which messages it subscribes to
 * @param dynamic the domains of a dynamic port, whose messages bring their own address; empty for a port with a fixed address
 * @param routesFailed whether a failed message is routed to subscribers of failures instead of waiting for an operator
 * @param schedule when and in which order its messages are sent
 * @param limits above which a submit is refused
 * @param retention how long its data is kept
 * @param files the digest of each key, certificate, trust store and stylesheet that it loads
 * @param written the element as written, for display to people; its {@code <retry>} includes the settings of the host
 */
public record SendPort(
        String name,
        Origin origin,
        String host,
        String application,
        PortState initialState,
        Pipeline pipeline,
        Map<String, OutboundMap> maps,
        Settings mail,
        Optional<Settings> dkim,
        Settings transport,
        List<Settings> standbys,
        List<Rate> relayRates,
        RetryRule retry,
        Optional<BackupTransport> backup,
        Optional<Subscription> subscription,
        Optional<Domains> dynamic,
        boolean routesFailed,
        Schedule schedule,
        PortLimits limits,
        PortRetention retention,
        Map<Path, String> files,
        Written written) {

    /** This port with other file digests. */
    public SendPort with(Map<Path, String> otherFiles) {
        return new SendPort(
                name,
                origin,
                host,
                application,
                initialState,
                pipeline,
                maps,
                mail,
                dkim,
                transport,
                standbys,
                relayRates,
                retry,
                backup,
                subscription,
                dynamic,
                routesFailed,
                schedule,
                limits,
                retention,
                otherFiles,
                written);
    }

    /** Copies the files. */
    public SendPort {
        files = Map.copyOf(files);
    }
}
