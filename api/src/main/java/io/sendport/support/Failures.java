package io.sendport.support;

import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;

/** Finds and describes the causes of an exception. No method takes or returns null. Thread-safe. */
public final class Failures {

    private Failures() {}

    /** The last cause of {@code failure}, or {@code failure} itself when it has none. Ends even if the causes form a cycle. */
    public static Throwable root(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable root = failure;
        for (Throwable each = failure; each != null && seen.add(each); each = each.getCause()) {
            root = each;
        }
        return root;
    }

    /** The message of the last cause in one line, or the name of its class when it has no message. A file exception gives the path and the reason. */
    public static String reason(Throwable failure) {
        Throwable root = root(failure);
        String message = root.getMessage();
        if (message == null) {
            return withoutMessage(root);
        }
        // The messages of these exceptions are only the path.
        if (root instanceof NoSuchFileException) {
            return message + ": no such file or folder";
        }
        if (root instanceof AccessDeniedException) {
            return message + ": permission denied";
        }
        if (root instanceof FileAlreadyExistsException) {
            return message + ": already exists";
        }
        // PostgreSQL's driver gives the position in the statement, and hints, on further lines.
        return message.strip().replaceAll("\\s*\\R\\s*", "; ");
    }

    /** The JDK's HTTP client throws these exceptions without a message. */
    private static String withoutMessage(Throwable failure) {
        if (failure instanceof UnresolvedAddressException) {
            return "the host name is unknown";
        }
        return failure instanceof ConnectException
                ? "the connection was refused, or the host name is unknown"
                : failure.getClass().getSimpleName();
    }

    /** The first exception of this type among {@code failure} and its causes; empty when there is none. */
    public static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable each = failure; each != null && seen.add(each); each = each.getCause()) {
            if (type.isInstance(each)) {
                return Optional.of(type.cast(each));
            }
        }
        return Optional.empty();
    }
}
