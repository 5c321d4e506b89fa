package io.sendport.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The SQL that a page of the documentation shows. */
public final class DocumentedSql {

    private static final String BEGIN = "```sql\n";
    private static final String END = "```";

    private DocumentedSql() {}

    /**
     * The first block of SQL under a heading.
     *
     * @param heading with its number signs, such as {@code ## Rights}
     * @throws IllegalArgumentException when the page has no such block
     */
    public static String under(Path page, String heading) throws IOException {
        String text = Files.readString(page);
        int section = text.indexOf(heading + "\n");
        int begin = section < 0 ? -1 : text.indexOf(BEGIN, section);
        if (begin < 0) {
            throw new IllegalArgumentException(page + " has no SQL under \"" + heading + "\"");
        }
        int from = begin + BEGIN.length();
        return text.substring(from, text.indexOf(END, from));
    }
}
