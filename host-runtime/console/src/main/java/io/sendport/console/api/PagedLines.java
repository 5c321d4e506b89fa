package io.sendport.console.api;

import io.sendport.console.http.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Writes a list as JSON objects, one a line. It reads one page at a time, so that a slow client does not keep a query open. */
final class PagedLines {

    /** The time limit for one page. It is longer than for a page on a screen, since a program reads the list. */
    static final Duration TIMEOUT = Duration.ofSeconds(30);

    static final int SIZE = 500;

    private PagedLines() {}

    /**
     * Some items of the list.
     *
     * @param next the position of the next page; empty when this is the last page
     * @param isWhole false when the search stopped at its time limit
     */
    record Page<P>(List<?> items, Optional<P> next, boolean isWhole) {}

    /** Reads a page. */
    @FunctionalInterface
    interface Reader<P> {

        /** The page that begins at {@code place}; the first page when {@code place} is empty. */
        Page<P> read(Optional<P> place);
    }

    /** All pages from {@code place} on. It reads the first page before the response starts, so that a refusal gets its own status. */
    static <P> Answer of(Reader<P> reader, Optional<P> place) {
        Page<P> first = reader.read(place);
        return Answer.lines(out -> {
            write(first, out);
            Optional<P> from = place;
            Page<P> page = first;
            while (page.next().isPresent()) {
                if (!page.isWhole() && page.next().equals(from)) {
                    throw new IOException("the search reached its time limit, so the response is incomplete");
                }
                from = page.next();
                page = reader.read(from);
                write(page, out);
            }
        });
    }

    private static void write(Page<?> page, OutputStream out) throws IOException {
        for (Object each : page.items()) {
            out.write(Answer.line(each));
        }
    }
}
