package io.sendport.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.Body;
import io.sendport.api.message.Workspace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a document may hold before a tree is made of it, and a transformation give. */
class XmlLimitsTest {

    private static final XmlLimits LIMITS = new XmlLimits(10, 20, 5);
    private static final String SHEET =
            "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
                    + "<xsl:output omit-xml-declaration='yes'/>%s</xsl:stylesheet>";
    private static final String IDENTITY =
            "<xsl:template match='@*|node()'><xsl:copy><xsl:apply-templates select='@*|node()'/></xsl:copy></xsl:template>";

    @TempDir
    private Path folder;

    private static String declarations(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> " xmlns:n" + i + "='urn:" + i + "'")
                .collect(Collectors.joining());
    }

    private static String attributes(int count) {
        return IntStream.range(0, count).mapToObj(i -> " a" + i + "='x'").collect(Collectors.joining());
    }

    /** Documents that are just within the limits and just beyond one, padded to where they must be counted. */
    static Stream<Arguments> documents() {
        String pad = " ".repeat(200);
        return Stream.of(
                Arguments.of(
                        "<r>" + "<e/>".repeat(9) + pad + "</r>",
                        "<r>" + "<e/>".repeat(10) + pad + "</r>",
                        "10 elements"),
                Arguments.of(
                        "<r>" + "<!---->".repeat(9) + pad + "</r>",
                        "<r>" + "<!---->".repeat(10) + pad + "</r>",
                        "10 elements"),
                Arguments.of(
                        "<r>" + "<?p?>".repeat(9) + pad + "</r>",
                        "<r>" + "<?p?>".repeat(10) + pad + "</r>",
                        "10 elements"),
                Arguments.of(
                        "<r>" + "<![CDATA[]]>".repeat(9) + pad + "</r>",
                        "<r>" + "<![CDATA[]]>".repeat(10) + pad + "</r>",
                        "10 elements"),
                Arguments.of(
                        "<r" + attributes(20) + ">" + pad + "</r>",
                        "<r" + attributes(21) + ">" + pad + "</r>",
                        "20 attributes and namespace declarations"),
                Arguments.of(
                        "<r" + declarations(20) + ">" + pad + "</r>",
                        "<r" + declarations(21) + ">" + pad + "</r>",
                        "20 attributes and namespace declarations"),
                Arguments.of(
                        "<r" + attributes(10) + "><e" + declarations(10) + "/>" + pad + "</r>",
                        "<r" + attributes(10) + "><e" + declarations(11) + "/>" + pad + "</r>",
                        "20 attributes and namespace declarations"),
                Arguments.of(
                        "<a><b><c><d><e/></d></c></b>" + pad + "</a>",
                        "<a><b><c><d><e><f/></e></d></c></b>" + pad + "</a>",
                        "5 nested elements"));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void acceptsADocumentAtTheLimitAndRejectsOneBeyondIt(String within, String beyond, String limit) throws Exception {
        assertThatCode(() -> HardenedXml.tree(body(within), LIMITS)).doesNotThrowAnyException();
        assertThatThrownBy(() -> HardenedXml.tree(body(beyond), LIMITS))
                .isInstanceOf(XmlLimitException.class)
                .hasMessageContaining("more than " + limit);
        Stylesheet identity = sheet(IDENTITY);
        TransformLimits limits = new TransformLimits(LIMITS, 10_000, Duration.ofMinutes(1));
        assertThat(text(identity.transform(body(within), MEMORY, limits))).isNotEmpty();
        assertThatThrownBy(() -> identity.transform(body(beyond), MEMORY, limits))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        "stylesheet sheet.xsl: the XML has more than " + limit + "; max\\w+ sets the limit");
    }

    @Test
    void stopsReadingAtTheLimit() {
        byte[] large = ("<a>" + "<n>1</n>".repeat(200_000) + "</a>").getBytes(StandardCharsets.US_ASCII);
        AtomicLong read = new AtomicLong();
        Body body = new Body() {
            @Override
            public InputStream open() {
                return new ByteArrayInputStream(large) {
                    @Override
                    public synchronized int read(byte[] bytes, int offset, int length) {
                        int count = super.read(bytes, offset, length);
                        read.addAndGet(Math.max(0, count));
                        return count;
                    }
                };
            }

            @Override
            public long size() {
                return large.length;
            }
        };
        assertThatThrownBy(() -> HardenedXml.tree(body, new XmlLimits(1_000, 1_000, 5)))
                .isInstanceOf(XmlLimitException.class);
        assertThat(read.get()).isBetween(1_000L, 100_000L);
    }

    @Test
    void reportsMoreThan200AttributesAsAnExceededLimit() throws Exception {
        for (String start : new String[] {attributes(201), declarations(201)}) {
            String xml = "<r" + start + "/>";
            assertThatThrownBy(() -> HardenedXml.tree(body(xml), XmlLimits.DEFAULT))
                    .isInstanceOf(XmlLimitException.class)
                    .hasMessageContaining("200");
            assertThatThrownBy(() -> sheet(IDENTITY).transform(body(xml), MEMORY))
                    .hasMessageContaining("the XML exceeds a limit of the parser");
        }
    }

    @Test
    void rejectsTenThousandNamespaceDeclarationsQuickly() {
        String xml = "<r" + declarations(9_999) + "/>";
        Assertions.assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> HardenedXml.tree(body(xml), XmlLimits.DEFAULT))
                        .isInstanceOf(XmlLimitException.class);
            }
        });
    }

    @Test
    void stopsATransformationWithTooMuchOutput() throws Exception {
        Stylesheet bomb =
                sheet("<xsl:template match='/'><xsl:call-template name='b'><xsl:with-param name='n' select='17'/>"
                        + "</xsl:call-template></xsl:template><xsl:template name='b'><xsl:param name='n'/><xsl:choose>"
                        + "<xsl:when test='$n = 0'>" + "x".repeat(128) + "</xsl:when><xsl:otherwise>"
                        + "<xsl:call-template name='b'><xsl:with-param name='n' select='$n - 1'/></xsl:call-template>"
                                .repeat(2)
                        + "</xsl:otherwise></xsl:choose></xsl:template>");
        TransformLimits limits = new TransformLimits(XmlLimits.DEFAULT, 100_000, Duration.ofMinutes(1));
        AtomicLong taken = new AtomicLong();
        Workspace counting = writer -> {
            writer.writeTo(new java.io.OutputStream() {
                @Override
                public void write(int b) {
                    taken.incrementAndGet();
                }
            });
            return Body.EMPTY;
        };
        assertThatThrownBy(() -> bomb.transform(body("<a/>"), counting, limits))
                .isInstanceOf(IOException.class)
                .hasMessage("stylesheet sheet.xsl: the result has more than 98 KB; maxOutput sets the limit");
        assertThat(taken.get()).isLessThanOrEqualTo(100_000);
    }

    @Test
    void stopsATransformationWhoseThreadIsInterrupted() throws Exception {
        Stylesheet identity = sheet(IDENTITY);
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> identity.transform(body("<a/>"), MEMORY))
                    .hasMessageContaining("the transformation was interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static final Workspace MEMORY = writer -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.writeTo(out);
        return Body.wrapping(out.toByteArray());
    };

    private Stylesheet sheet(String templates) throws Exception {
        Path file = Files.writeString(folder.resolve("sheet.xsl"), SHEET.formatted(templates));
        return Stylesheet.compile(file);
    }

    private static Body body(String xml) {
        return Body.of(xml, StandardCharsets.UTF_8);
    }

    private static String text(Body body) throws IOException {
        try (InputStream in = body.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
