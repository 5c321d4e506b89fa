package io.sendport.component.xslt;

import io.sendport.api.component.ComponentFactory;
import io.sendport.api.component.Stage;
import io.sendport.api.host.HostServices;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.support.Stylesheet;
import io.sendport.support.TransformLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Creates the components of {@code <xslt>}. */
public final class XsltFactory implements ComponentFactory {

    @Override
    public String element() {
        return "xslt";
    }

    @Override
    public Set<Stage> stages() {
        return Set.of(Stage.PRE_ASSEMBLE);
    }

    @Override
    public List<Problem> check(Settings settings, HostServices host) {
        Optional<Path> file = settings.path("stylesheet");
        if (file.isEmpty()) {
            return List.of(settings.problem("stylesheet", "is empty", "expected an XSLT 1.0 file"));
        }
        List<Problem> limits = TransformLimits.check(settings);
        if (!limits.isEmpty()) {
            return limits;
        }
        try {
            Stylesheet.compile(file.get());
            return List.of();
        } catch (Stylesheet.StylesheetException e) {
            return List.of(settings.problem("stylesheet", String.valueOf(e.getMessage()), "expected an XSLT 1.0 file"));
        }
    }

    @Override
    public XsltComponent create(Settings settings, HostServices host) throws Exception {
        return new XsltComponent(
                Stylesheet.compile(settings.path("stylesheet")
                        .orElseThrow(() -> new IllegalArgumentException("stylesheet is empty"))),
                TransformLimits.of(settings));
    }

    @Override
    public Optional<Duration> timeout(Settings settings) {
        return Optional.of(TransformLimits.of(settings).time());
    }
}
