package io.sendport.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A block of code that a page shows, of whatever language. */
public final class DocumentedBlock {

    private DocumentedBlock() {}

    /**
     * The first one of {@code page} that begins with {@code start}.
     *
     * @throws NoSuchElementException when there is none
     */
    public static String of(Path page, String start) throws IOException {
        Matcher block = Pattern.compile("```\\w+\\R(" + Pattern.quote(start) + ".*?)```", Pattern.DOTALL)
                .matcher(Files.readString(page));
        if (!block.find()) {
            throw new NoSuchElementException(page + " has no block that begins with " + start);
        }
        return block.group(1);
    }
}
