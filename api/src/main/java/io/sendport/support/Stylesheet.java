package io.sendport.support;

import io.sendport.api.message.Body;
import io.sendport.api.message.Workspace;
import io.sendport.support.text.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.transform.ErrorListener;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Source;
import javax.xml.transform.Templates;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.sax.SAXSource;
import javax.xml.transform.stream.StreamResult;
import org.xml.sax.InputSource;
import org.xml.sax.SAXParseException;

/** A compiled XSLT 1.0 stylesheet. Thread-safe. */
public final class Stylesheet {

    private final Path file;
    private final Templates templates;

    /** Class names that Java puts before the message of a cause. */
    private static final Pattern CLASS_NAMES = Pattern.compile("^(?:[\\w.$]+(?:Exception|Error): ?)+");

    private Stylesheet(Path file, Templates templates) {
        this.file = file;
        this.templates = templates;
    }

    /**
     * Compiles {@code file}.
     *
     * @throws StylesheetException when it cannot be read, is not a stylesheet, or refers to anything outside; with line and column
     */
    public static Stylesheet compile(Path file) throws StylesheetException {
        Faults faults = new Faults();
        try (InputStream in = Files.newInputStream(file)) {
            TransformerFactory factory = HardenedXml.transformerFactory();
            factory.setErrorListener(faults);
            Templates templates = factory.newTemplates(source(in));
            if (templates == null || !faults.all.isEmpty()) {
                throw new StylesheetException(file + ": " + String.join("; ", faults.all), null);
            }
            return new Stylesheet(file, templates);
        } catch (TransformerException | IOException e) {
            String all = faults.all.isEmpty() ? String.valueOf(e.getMessage()) : String.join("; ", faults.all);
            throw new StylesheetException(file + ": " + Text.printable(all, 500), e);
        }
    }

    /** As {@link #transform(Body, Workspace, TransformLimits)}, within the default limits. */
    public Body transform(Body body, Workspace workspace) throws IOException {
        return transform(body, workspace, TransformLimits.DEFAULT);
    }

    /**
     * Transforms {@code body}.
     *
     * @throws IOException when the body is not well-formed XML, a limit is exceeded, the stylesheet ends the transformation with a message,
     *     the thread is interrupted while it writes, or the workspace is full
     */
    public Body transform(Body body, Workspace workspace, TransformLimits limits) throws IOException {
        Faults faults = new Faults();
        return workspace.write(out -> {
            LimitedReader reader = HardenedXml.limited(limits.input());
            LimitedOutput limited = new LimitedOutput(out, limits.output());
            try (InputStream in = body.open()) {
                Transformer transformer = templates.newTransformer();
                transformer.setErrorListener(faults);
                transformer.setURIResolver((href, base) -> {
                    throw new TransformerException("document(\"" + href
                            + "\"): a stylesheet must not read other documents; remove the call of document()");
                });
                transformer.transform(new SAXSource(reader, new InputSource(in)), new StreamResult(limited));
            } catch (TransformerException e) {
                throw new IOException(
                        "stylesheet " + file.getFileName() + ": "
                                + limited.fault().or(reader::fault).orElseGet(() -> faults.and(e)),
                        e);
            }
        });
    }

    /** The content type that the stylesheet declares for its output, with its charset. */
    public String contentType() {
        Properties output = templates.getOutputProperties();
        String method = output.getProperty(OutputKeys.METHOD, "xml");
        String standard =
                switch (method) {
                    case "html" -> "text/html";
                    case "text" -> "text/plain";
                    default -> "application/xml";
                };
        return output.getProperty(OutputKeys.MEDIA_TYPE, standard)
                + "; charset="
                + output.getProperty(OutputKeys.ENCODING, "utf-8").toLowerCase(Locale.ROOT);
    }

    private static Source source(InputStream in) {
        return new SAXSource(HardenedXml.reader(), new InputSource(in));
    }

    /** The stylesheet cannot be used. */
    public static final class StylesheetException extends Exception {
        private static final long serialVersionUID = 1L;

        StylesheetException(String message, @org.jspecify.annotations.Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Collects what the processor would print. */
    private static final class Faults implements ErrorListener {
        private final Set<String> all = new LinkedHashSet<>();

        String and(TransformerException last) {
            add(last);
            return Text.printable(String.join("; ", all), 500);
        }

        /** Describes the fault for the author of the document or stylesheet: with the line, without class names of the processor. */
        private void add(TransformerException e) {
            Optional<SAXParseException> inDocument = Failures.find(e, SAXParseException.class)
                    .or(() -> Optional.ofNullable(e.getException())
                            .flatMap(cause -> Failures.find(cause, SAXParseException.class)));
            String text = inDocument
                    .map(at ->
                            "line " + at.getLineNumber() + ", column " + at.getColumnNumber() + ": " + at.getMessage())
                    .orElseGet(e::getMessageAndLocation);
            all.add(CLASS_NAMES.matcher(text).replaceFirst(""));
        }

        @Override
        public void warning(TransformerException e) {
            // A warning does not change the result.
        }

        @Override
        public void error(TransformerException e) {
            add(e);
        }

        @Override
        public void fatalError(TransformerException e) {
            add(e);
        }
    }
}
