package io.sendport.cli.store;

import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.output.ExitStatus;
import io.sendport.config.MessageBoxSettings;
import io.sendport.host.box.body.BodyKeys;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport store new-key}. */
@Command(
        name = "new-key",
        description = {
            "Appends a new key to the text file that <messageBox bodyKey> names. Creates the file with mode 0600 if necessary.",
            "The last key in the file encrypts new bodies. A host instance uses it after its next start."
        },
        footer = {"", "Example:", "  sendport store new-key"})
final class StoreNewKeyCommand implements Callable<Integer> {

    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("'body-'uuuuMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommonOptions setup;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "The key id: letters, digits, dots, dashes and underscores. Default: body- and the time.")
    private @Nullable String id;

    @Override
    public Integer call() throws IOException {
        MessageBoxSettings settings = setup.routing().messageBox();
        String own = id == null ? ID.format(Instant.now()) : id;
        BodyKeys keys = BodyKeys.of(settings.bodyKey());
        keys.append(own);
        spec.commandLine()
                .getOut()
                .println("new-key: "
                        + settings.bodyKey().map(each -> each.file().toString()).orElse("") + " now has the key " + own
                        + "; copy the file to every machine, then restart every host instance");
        return ExitStatus.DONE;
    }
}
