package io.sendport.migration.report;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** Something that only a person can supply. Not thread-safe. */
public final class Todo {

    /** What must be supplied. */
    public enum Kind {
        /** An environment variable. */
        ENV,
        /** A value in {@code <properties>}. */
        PROPERTY,
        /** A file in the folder {@code import}. */
        FILE,
        /** A class in the folder {@code plugins}. */
        CLASS,
        /** A connection of SSIS. */
        CONNECTION,
        /** A decision that no part of the output waits for. */
        DECISION;

        /** The kind as written in JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final int id;
    private final Kind kind;
    private final String name;
    private final String message;
    private final Set<String> files = new LinkedHashSet<>();
    private final Set<String> ports = new LinkedHashSet<>();

    Todo(int id, Kind kind, String name, String message) {
        this.id = id;
        this.kind = kind;
        this.name = name;
        this.message = message;
    }

    void add(String file, String port) {
        files.add(file);
        if (!port.isEmpty()) {
            ports.add(port);
        }
    }

    public int id() {
        return id;
    }

    public Kind kind() {
        return kind;
    }

    /** The name of the variable, property, path, class or decision. */
    public String name() {
        return name;
    }

    public String message() {
        return message;
    }

    /** The files it comes from. */
    public Set<String> files() {
        return Set.copyOf(files);
    }

    /** The ports that wait for it, in their order. */
    public Set<String> ports() {
        return new LinkedHashSet<>(ports);
    }

    /** One sentence for a list. */
    public String sentence() {
        return switch (kind) {
            case ENV -> "set the environment variable " + name + ": " + message;
            case PROPERTY -> "set " + name + " in <properties>: " + message;
            case FILE -> "copy a file to " + name + ": " + message;
            case CLASS -> "port the class " + name + ": " + message;
            case CONNECTION -> "give the connection " + name + ": " + message;
            case DECISION -> "decide what to do about " + name + ": " + message;
        };
    }
}
