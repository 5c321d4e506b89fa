package io.sendport.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Classes of a test in a jar of a plug-in folder, so that the host loads them as it loads those of a user. */
final class PluginJar {

    private PluginJar() {}

    /** Makes the folder too, where it does not exist. */
    static void write(Path plugins, Class<?>... classes) throws IOException {
        Files.createDirectories(plugins);
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(plugins.resolve("test.jar")))) {
            for (Class<?> each : classes) {
                String name = each.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new JarEntry(name));
                try (InputStream in = each.getClassLoader().getResourceAsStream(name)) {
                    in.transferTo(jar);
                }
            }
        }
    }
}
