package io.sendport.host.pipeline;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The folder {@code plugins/}. Each jar or folder of jars in it has its own class loader, so that libraries of plug-ins cannot conflict.
 * Besides its own classes, it sees only the JDK, the Sendport API and support packages, SLF4J and JSpecify.
 */
public final class PluginFolder implements AutoCloseable {

    private static final List<String> SHARED =
            List.of("io.sendport.api.", "io.sendport.support.", "org.slf4j.", "org.jspecify.");

    private final List<URLClassLoader> loaders = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    /** Opens the plug-ins; a missing folder counts as empty. */
    public PluginFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            List<Path> sorted = new ArrayList<>();
            entries.forEach(sorted::add);
            sorted.sort(null);
            for (Path entry : sorted) {
                open(entry);
            }
        } catch (IOException e) {
            faults.add("cannot list the plug-in folder " + folder + ": " + e.getMessage());
        }
    }

    private void open(Path entry) throws IOException {
        List<Path> jars = new ArrayList<>();
        if (Files.isDirectory(entry)) {
            try (DirectoryStream<Path> inside = Files.newDirectoryStream(entry, "*.jar")) {
                inside.forEach(jars::add);
            }
        } else if (entry.toString().endsWith(".jar")) {
            jars.add(entry);
        }
        if (jars.isEmpty() || !areJars(jars)) {
            return;
        }
        URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = url(jars.get(i));
        }
        loaders.add(new URLClassLoader("plugin " + entry.getFileName(), urls, new SharedClassLoader()));
    }

    private boolean areJars(List<Path> jars) throws IOException {
        boolean all = true;
        for (Path jar : jars) {
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                all &= zip.size() > 0;
            } catch (ZipException e) {
                faults.add("plug-in " + jar + " is not a valid jar: " + e.getMessage());
                all = false;
            }
        }
        return all;
    }

    private static URL url(Path jar) throws MalformedURLException {
        return jar.toUri().toURL();
    }

    /** The problems of the folder and its jars. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /**
     * The class with the name {@code name}: from the first plug-in that has it, or from Sendport's own class path.
     *
     * @throws ClassNotFoundException when it does not exist
     */
    public Class<?> find(String name) throws ClassNotFoundException {
        for (URLClassLoader loader : loaders) {
            try {
                return Class.forName(name, false, loader);
            } catch (ClassNotFoundException e) {
                // The next plug-in may have it.
            }
        }
        return Class.forName(name, false, PluginFolder.class.getClassLoader());
    }

    /** The plug-ins that contain a class with that name. */
    List<String> owners(String name) {
        String file = name.replace('.', '/') + ".class";
        return loaders.stream()
                .filter(loader -> loader.findResource(file) != null)
                .map(loader -> loader.getName().replaceFirst("plugin ", ""))
                .toList();
    }

    @Override
    public void close() throws IOException {
        for (URLClassLoader loader : loaders) {
            loader.close();
        }
    }

    /** The parent of the plug-ins' class loaders. Finds only the classes that plug-ins share with Sendport. */
    private static final class SharedClassLoader extends ClassLoader {
        SharedClassLoader() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (SHARED.stream().anyMatch(name::startsWith)) {
                return PluginFolder.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }

        @Override
        protected @Nullable URL findResource(String name) {
            return null;
        }
    }
}
