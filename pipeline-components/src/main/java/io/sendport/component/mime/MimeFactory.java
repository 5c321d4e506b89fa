package io.sendport.component.mime;

import io.sendport.api.component.ComponentFactory;
import io.sendport.api.component.Stage;
import io.sendport.api.host.HostServices;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.util.List;
import java.util.Set;

/** Creates the components of {@code <mime>}. */
public final class MimeFactory implements ComponentFactory {

    @Override
    public String element() {
        return "mime";
    }

    @Override
    public Set<Stage> stages() {
        return Set.of(Stage.ASSEMBLE);
    }

    @Override
    public List<Problem> check(Settings settings, HostServices host) {
        return settings
                .text("contentTransferEncoding")
                .filter(token -> TransferEncoding.of(token).isEmpty())
                .map(token -> settings.problem(
                        "contentTransferEncoding",
                        "\"" + token + "\" is not known",
                        "expected base64, quoted-printable, 7bit or 8bit"))
                .stream()
                .toList();
    }

    @Override
    public MimeAssembler create(Settings settings, HostServices host) {
        return new MimeAssembler(
                settings.text("contentTransferEncoding")
                        .flatMap(TransferEncoding::of)
                        .orElse(TransferEncoding.BASE64),
                host.clock().getZone());
    }

    @Override
    public boolean isDeterministic(Settings settings) {
        return true;
    }
}
