package io.sendport.cli.output;

import io.sendport.api.component.ComponentFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import picocli.CommandLine.IVersionProvider;

/** The output of {@code --version}. */
public final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        List<String> lines =
                new ArrayList<>(List.of("Sendport " + number(), "Java " + System.getProperty("java.version")));
        for (ComponentFactory factory : ServiceLoader.load(ComponentFactory.class)) {
            if (!factory.about().isEmpty()) {
                lines.add(factory.about());
            }
        }
        return lines.toArray(String[]::new);
    }

    /** The version of this build. */
    public static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
