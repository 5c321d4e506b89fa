package io.sendport.migration.source;

import io.sendport.support.HardenedXml;
import io.sendport.support.Sha256;
import io.sendport.support.text.Text;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Reads XML from other products: without document type declarations and external entities, and with limited size and depth. A byte order
 * mark overrides the encoding declaration.
 */
public final class SourceReader {

    /** The maximum size of a file. */
    public static final long MAX_BYTES = 100L << 20;

    private static final int DEEPEST = 128;
    private static final int INNER_DEEPEST = 16;
    private static final int INNER_MAX = 1 << 20;

    private SourceReader() {}

    /**
     * Reads a file.
     *
     * @throws UnreadableException when it does not exist, is too large, or is not XML
     */
    public static SourceFile read(Path file, String name) throws UnreadableException {
        return read(bytes(file, name), name);
    }

    /**
     * The bytes of a file.
     *
     * @throws UnreadableException when it does not exist, is not a file, or is too large
     */
    public static byte[] bytes(Path file, String name) throws UnreadableException {
        try {
            if (Files.isDirectory(file)) {
                throw new UnreadableException(name + " is a folder; name the files in it");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new UnreadableException(name + " is larger than 100 MB");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new UnreadableException("file " + name + " does not exist");
        } catch (IOException e) {
            throw new UnreadableException(name + " cannot be read: " + Text.printable(String.valueOf(e.getMessage())));
        }
    }

    /**
     * Parses the bytes of a file.
     *
     * @throws UnreadableException when they are not XML
     */
    public static SourceFile read(byte[] bytes, String name) throws UnreadableException {
        InputSource source = source(bytes);
        try {
            return new SourceFile(name, Sha256.hex(bytes), parse(source, DEEPEST));
        } catch (SAXParseException e) {
            throw new UnreadableException(name + ":" + e.getLineNumber() + ":" + e.getColumnNumber()
                    + " cannot be read as XML: " + reason(e));
        } catch (SAXException | IOException e) {
            throw new UnreadableException(name + " cannot be read as XML: " + reason(e));
        }
    }

    private static String reason(Exception e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("DOCTYPE")
                ? "it has a document type declaration, which is not allowed"
                : Text.printable(message);
    }

    private static InputSource source(byte[] bytes) {
        Charset charset = mark(bytes);
        if (charset == null) {
            return new InputSource(new ByteArrayInputStream(bytes));
        }
        int skip = StandardCharsets.UTF_8.equals(charset) ? 3 : 2;
        return new InputSource(
                new InputStreamReader(new ByteArrayInputStream(bytes, skip, bytes.length - skip), charset));
    }

    private static @Nullable Charset mark(byte[] bytes) {
        if (bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF) {
            return StandardCharsets.UTF_8;
        }
        if (bytes.length >= 2 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE) {
            return StandardCharsets.UTF_16LE;
        }
        return bytes.length >= 2 && bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF
                ? StandardCharsets.UTF_16BE
                : null;
    }

    /**
     * The document in a node: text that is itself XML (in a CDATA section or escaped), or elements.
     *
     * @return the document; empty when the node is empty
     * @throws UnreadableException when the text is not XML
     */
    public static Optional<Node> inner(Node holder) throws UnreadableException {
        if (holder.isNil()) {
            return Optional.empty();
        }
        if (!holder.children().isEmpty()) {
            return Optional.of(holder.children().get(0));
        }
        String text = holder.text().strip();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.length() > INNER_MAX) {
            throw new UnreadableException("the document in <" + holder.name() + "> is larger than 1 MB");
        }
        try {
            return Optional.of(parse(new InputSource(new StringReader(text)), INNER_DEEPEST));
        } catch (SAXException | IOException e) {
            throw new UnreadableException(
                    "the document in <" + holder.name() + "> cannot be read as XML: " + reason(e));
        }
    }

    private static Node parse(InputSource source, int deepest) throws SAXException, IOException {
        XMLReader reader = HardenedXml.reader();
        Tree tree = new Tree(deepest);
        reader.setContentHandler(tree);
        reader.setErrorHandler(tree);
        reader.parse(source);
        if (tree.root == null) {
            throw new SAXException("it is empty");
        }
        return tree.root;
    }

    /** Builds the tree. An element starts where the preceding item ended. */
    private static final class Tree extends DefaultHandler {
        private final int deepest;
        private final Deque<Node> open = new ArrayDeque<>();
        private @Nullable Node root;
        private @Nullable Locator locator;
        private int line = 1;
        private int column = 1;

        Tree(int deepest) {
            this.deepest = deepest;
        }

        @Override
        public void setDocumentLocator(Locator found) {
            locator = found;
        }

        /** The parser has already read the bracket that ended the text. */
        private void markAfterText() {
            mark();
            column = Math.max(1, column - 1);
        }

        private void mark() {
            if (locator != null) {
                line = Math.max(1, locator.getLineNumber());
                column = Math.max(1, locator.getColumnNumber());
            }
        }

        @Override
        public void startElement(String uri, String local, String qualified, Attributes attributes)
                throws SAXException {
            if (open.size() >= deepest) {
                throw new SAXException("elements are nested more than " + deepest + " deep");
            }
            Node node = new Node(local.isEmpty() ? qualified : local, line, column);
            for (int i = 0; i < attributes.getLength(); i++) {
                String name = attributes.getLocalName(i);
                node.add(name.isEmpty() ? attributes.getQName(i) : name, attributes.getValue(i));
            }
            if (open.isEmpty()) {
                root = node;
            } else {
                open.peek().add(node);
            }
            open.push(node);
            mark();
        }

        @Override
        public void endElement(String uri, String local, String qualified) {
            open.pop();
            mark();
        }

        @Override
        public void characters(char[] characters, int start, int length) {
            Node current = open.peek();
            if (current != null) {
                current.add(characters, start, length);
            }
            markAfterText();
        }

        @Override
        public void ignorableWhitespace(char[] characters, int start, int length) {
            mark();
        }

        @Override
        public void processingInstruction(String target, String data) {
            mark();
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    }
}
