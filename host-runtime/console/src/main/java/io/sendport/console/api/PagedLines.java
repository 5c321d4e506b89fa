package io.sendport.console.api;

import io.sendport.console.http.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Writes a list as JSON objects, one a line. It reads one page at a time, so that a slow client keeps no query open. */
final class PagedLines {

    /** How long one page can take. It is more than for a page on a screen, since a program reads this. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    static final int SIZE = 500;

    private PagedLines() {}

    /**
     * Some items of the list.
     *
     * @param next where the following page begins; empty when there is none
     * @param isWhole false when there was no time to look for more
     */
    record Page<P>(List<?> items, Optional<P> next, boolean isWhole) {}

    /** Reads a page. */
    @FunctionalInterface
    interface Reader<P> {

        /** The page that begins at {@code place}; the first one where that is empty. */
        Page<P> read(Optional<P> place);
    }

    /** All pages from {@code place} on. The first is read before the answer begins, so that what is refused is answered with its status. */
    static <P> Answer of(Reader<P> reader, Optional<P> place) {
        Page<P> first = reader.read(place);
        return Answer.lines(out -> {
            write(first, out);
            Optional<P> from = place;
            Page<P> page = first;
            while (page.next().isPresent()) {
                if (!page.isWhole() && page.next().equals(from)) {
                    throw new IOException("the list can't be told in time; the answer ends here, and is not whole");
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
