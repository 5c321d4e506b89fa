package io.sendport.cli.output;

import io.sendport.support.text.Text;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes all output of the command line, as UTF-8. {@code println} prints exactly one line and never moves the cursor: it makes control
 * and format characters visible with {@link Text#visible}, except for tabs that indent the line. All other methods keep line breaks and
 * tabs.
 */
public final class TerminalWriter extends PrintWriter {

    public TerminalWriter(OutputStream out) {
        super(new Visible(new OutputStreamWriter(out, StandardCharsets.UTF_8)), true);
    }

    @Override
    public void println(@Nullable String text) {
        super.println(line(String.valueOf(text)));
    }

    @Override
    public void println(@Nullable Object object) {
        super.println(line(String.valueOf(object)));
    }

    private static String line(String text) {
        int indented = 0;
        while (indented < text.length() && text.charAt(indented) == '\t') {
            indented++;
        }
        return text.substring(0, indented) + Text.visible(text.substring(indented));
    }

    /** Keeps line breaks and tabs, and makes all other control characters visible. */
    private static final class Visible extends FilterWriter {

        Visible(Writer out) {
            super(out);
        }

        @Override
        public void write(int c) throws IOException {
            write(Character.toString((char) c), 0, 1);
        }

        @Override
        public void write(char[] characters, int offset, int length) throws IOException {
            write(new String(characters, offset, length), 0, length);
        }

        @Override
        public void write(String text, int offset, int length) throws IOException {
            int end = offset + length;
            int from = offset;
            for (int i = offset; i < end; i++) {
                char c = text.charAt(i);
                boolean breaksLine = c == '\n' || (c == '\r' && i + 1 < end && text.charAt(i + 1) == '\n');
                if (breaksLine || c == '\t') {
                    out.write(Text.visible(text.substring(from, i)));
                    out.write(c);
                    from = i + 1;
                }
            }
            out.write(Text.visible(text.substring(from, end)));
        }
    }
}
