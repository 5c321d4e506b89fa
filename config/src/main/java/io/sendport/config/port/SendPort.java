package io.sendport.config.port;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Settings;
import io.sendport.support.Domains;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code <sendPort>} with everything it inherits.
 *
 * @param name its name
 * @param origin where it stands
 * @param host the host that runs it
 * @param application groups ports for people; may be empty
 * @param initialState its state when first seen
 * @param pipeline its pipeline
 * @param maps outbound map by message type
 * @param mail the effective {@code <mail>}: the port's own over the host's
 * @param transport the effective {@code <smtp>} or {@code <camel>}: the audit relay's, else the port's own over its connection's over
 *     the host's
 * @param standbys further audit relays of its host, each taking over while those before it are away
 * @param relayRates how much its server takes, from whatever port
 * @param retry when to try again
 * @param backup takes over after its retries
 * @param subscription which messages it wants by itself
 * @param dynamic where its messages may go, which bring their own address; empty for a port that says itself
 * @param routesFailed whether a message that fails goes to whoever subscribes to failures, instead of waiting for a person
 * @param schedule when its messages have their turn
 * @param limits beyond which a submit is refused
 * @param files the digest of each key, certificate, trust store and stylesheet that it loads
 * @param written the element as it is written, to be shown to people; its {@code <retry>} includes what the host says
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
        Map<Path, String> files,
        Written written) {

    /** The same, made with other files. */
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
                otherFiles,
                written);
    }

    /** Copies the files. */
    public SendPort {
        files = Map.copyOf(files);
    }
}
