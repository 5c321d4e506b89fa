package io.sendport.host.pipeline;

import io.sendport.api.component.Assembler;
import io.sendport.api.component.Component;
import io.sendport.api.component.Encoder;
import io.sendport.api.component.MailSigner;
import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.Stage;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.settings.Settings;
import io.sendport.config.port.OutboundMap;
import io.sendport.config.port.SendPort;
import io.sendport.support.Stylesheet;
import io.sendport.support.TransformLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The components of one port's pipeline, in order. Safe for use by several threads. */
final class PipelineSteps implements AutoCloseable {

    /** The size of the tree of an XML document in memory, as a multiple of its bytes. */
    private static final int READ_INTO_MEMORY = 10;

    final SendPort port;
    final AllowedDomains allowed;
    final Optional<MailAddress> redirectTo;
    final int maxRecipients;
    final Map<String, Map.Entry<Stylesheet, TransformLimits>> maps = new HashMap<>();
    final List<Step<MessageComponent>> preAssemble = new ArrayList<>();
    final Step<Assembler> assemble;
    final Assembler standard;
    final List<Step<Encoder>> encode = new ArrayList<>();
    final Optional<MailSigner> signer;
    final @Nullable AuditorCopy auditorCopy;
    final boolean deterministic;

    /** A component with its display name. */
    record Step<T extends Component>(Stage stage, String name, Optional<Duration> timeout, T component) {
        Step(Stage stage, Settings settings, Catalog catalog, T component) {
            this(stage, nameOf(settings), catalog.timeout(settings), component);
        }
    }

    /**
     * Creates the components of {@code port}.
     *
     * @param redirectTo replaces every recipient, for test environments
     * @param maxRecipients the limit for one delivery
     * @throws Exception when a component cannot be created
     */
    PipelineSteps(SendPort port, Catalog catalog, Services host, Optional<MailAddress> redirectTo, int maxRecipients)
            throws Exception {
        this.port = port;
        this.allowed = AllowedDomains.of(port);
        this.redirectTo = redirectTo;
        this.maxRecipients = maxRecipients;
        for (Map.Entry<String, OutboundMap> map : port.maps().entrySet()) {
            maps.put(
                    map.getKey(),
                    Map.entry(
                            Stylesheet.compile(map.getValue().stylesheet()),
                            map.getValue().limits()));
        }
        for (Settings each : port.pipeline().preAssemble()) {
            preAssemble.add(new Step<>(Stage.PRE_ASSEMBLE, each, catalog, (MessageComponent)
                    catalog.create(each, Stage.PRE_ASSEMBLE, host)));
        }
        Settings plain = Settings.empty("mime", port.origin());
        Settings assembler = port.pipeline().assemble().orElse(plain);
        standard = (Assembler)
                catalog.create(assembler.element().equals("mime") ? assembler : plain, Stage.ASSEMBLE, host);
        assemble = new Step<>(
                Stage.ASSEMBLE,
                assembler,
                catalog,
                assembler.element().equals("mime")
                        ? standard
                        : (Assembler) catalog.create(assembler, Stage.ASSEMBLE, host));
        for (Settings each : port.pipeline().encode()) {
            encode.add(new Step<>(Stage.ENCODE, each, catalog, (Encoder) catalog.create(each, Stage.ENCODE, host)));
        }
        Optional<Settings> dkim = port.dkim();
        signer = dkim.isEmpty()
                ? Optional.empty()
                : Optional.of(catalog.signer(dkim.get()).create(dkim.get(), host));
        auditorCopy = host.find(AuditorCopy.class).orElse(null);
        deterministic = preAssemble.isEmpty()
                && encode.isEmpty()
                && maps.isEmpty()
                && catalog.isDeterministic(assembler)
                && port.mail().children().stream().noneMatch(child -> child.has("file") || child.has("folder"));
    }

    private static String nameOf(Settings settings) {
        return settings.text("name")
                .map(name -> settings.element() + " " + name)
                .or(() -> settings.text("class").map(type -> settings.element() + " " + type))
                .or(() -> settings.text("bean").map(bean -> settings.element() + " " + bean))
                .orElse(settings.element());
    }

    /** The fields of {@code header} that anyone can read while the mail is in transit. */
    HeaderFields readable(HeaderFields header) {
        HeaderFields readable = header;
        for (Step<Encoder> step : encode) {
            readable = step.component().readableHeader(readable);
        }
        return readable;
    }

    /** The approximate memory that its components need, as a multiple of the message's size; 0 if the message is streamed. */
    int memoryFactor() {
        boolean reads = !maps.isEmpty()
                || preAssemble.stream().anyMatch(step -> !step.name().startsWith("mime"))
                || !assemble.name().startsWith("mime");
        return reads ? READ_INTO_MEMORY : encode.isEmpty() ? 0 : 1;
    }

    /** Closes every component, even if closing one fails. */
    @Override
    public void close() throws IOException {
        List<Component> all = new ArrayList<>();
        preAssemble.forEach(step -> all.add(step.component()));
        all.add(assemble.component());
        encode.forEach(step -> all.add(step.component()));
        List<Exception> failures = new ArrayList<>();
        for (Component each : all) {
            try {
                each.close();
            } catch (IOException | RuntimeException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            IOException failure = new IOException(
                    failures.size() + " of " + all.size() + " components could not be closed: " + failures.get(0),
                    failures.get(0));
            failures.stream().skip(1).forEach(failure::addSuppressed);
            throw failure;
        }
    }
}
