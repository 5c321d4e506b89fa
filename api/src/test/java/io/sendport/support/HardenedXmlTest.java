package io.sendport.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamReader;
import javax.xml.transform.stream.StreamSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.InputSource;
import org.xml.sax.helpers.DefaultHandler;

class HardenedXmlTest {

    private static final String SECRET = "canary-7f3a";

    @TempDir
    private Path folder;

    private ServerSocket listener;

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setSoTimeout(20);
        Files.writeString(folder.resolve("secret.txt"), SECRET);
        Files.writeString(folder.resolve("secret.xml"), "<s>" + SECRET + "</s>");
    }

    @AfterEach
    void nothingConnected() throws IOException {
        try (ServerSocket open = listener) {
            assertThatThrownBy(open::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    static Stream<UnaryOperator<String>> attacks() {
        return Stream.of(
                url -> "<!DOCTYPE r [<!ENTITY x SYSTEM '" + url + "'>]><r>&x;</r>",
                url -> "<!DOCTYPE r SYSTEM '" + url + "'><r/>",
                url -> "<!DOCTYPE r [<!ENTITY % p SYSTEM '" + url + "'> %p;]><r/>",
                url -> "<!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><r>&b;</r>",
                url -> "<!DOCTYPE r [<!ENTITY a '" + "x".repeat(100_000) + "'>]><r>" + "&a;".repeat(1000) + "</r>",
                url -> "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE r [<!ENTITY x SYSTEM '" + url
                        + "'>]><r>&x;</r>");
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void rejectsEveryDocumentTypeDeclaration(UnaryOperator<String> attack) {
        for (String url : new String[] {
            folder.resolve("secret.txt").toUri().toString(), "http://127.0.0.1:" + listener.getLocalPort() + "/x"
        }) {
            String xml = attack.apply(url);
            assertThatThrownBy(() -> sax(xml)).isInstanceOf(Exception.class);
            assertThatThrownBy(() -> HardenedXml.documentBuilder().parse(new InputSource(new StringReader(xml))))
                    .isInstanceOf(Exception.class);
            assertThat(staxText(xml)).doesNotContain(SECRET);
        }
    }

    @Test
    void doesNotProcessXInclude() throws Exception {
        String xml = "<r xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='"
                + folder.resolve("secret.xml").toUri() + "'/><xi:include parse='text' href='"
                + folder.resolve("secret.txt").toUri() + "'/></r>";
        assertThat(HardenedXml.documentBuilder()
                        .parse(new InputSource(new StringReader(xml)))
                        .getDocumentElement()
                        .getTextContent())
                .doesNotContain(SECRET);
        assertThat(sax(xml)).doesNotContain(SECRET);
    }

    @Test
    void doesNotLoadAnIncludedSchema() throws IOException {
        Path other = folder.resolve("other.xsd");
        Files.writeString(other, "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'/>");
        String schema = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:include schemaLocation='"
                + other.toUri() + "'/></xs:schema>";
        assertThatThrownBy(() -> HardenedXml.schemaFactory().newSchema(new StreamSource(new StringReader(schema))))
                .hasMessageContaining("accessExternalSchema");
    }

    @Test
    void rejectsStylesheetsThatImportOtherFiles() throws IOException {
        Path imported = folder.resolve("imported.xsl");
        Files.writeString(imported, "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'/>");
        Path stylesheet = folder.resolve("evil.xsl");
        Files.writeString(
                stylesheet,
                "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:import href='imported.xsl'/></xsl:stylesheet>");
        assertThatThrownBy(() -> Stylesheet.compile(stylesheet)).isInstanceOf(Stylesheet.StylesheetException.class);
    }

    @Test
    void rejectsExcessiveNesting() {
        String deep = "<a>".repeat(10_000) + "</a>".repeat(10_000);
        assertThatThrownBy(() -> sax(deep)).isInstanceOf(Exception.class);
        assertThatThrownBy(() -> HardenedXml.documentBuilder().parse(new InputSource(new StringReader(deep))))
                .isInstanceOf(Exception.class);
    }

    private static String sax(String xml) throws Exception {
        StringBuilder text = new StringBuilder();
        var reader = HardenedXml.reader();
        reader.setContentHandler(new DefaultHandler() {
            @Override
            public void characters(char[] characters, int start, int length) {
                text.append(characters, start, length);
            }
        });
        reader.parse(new InputSource(new java.io.ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8))));
        return text.toString();
    }

    private static String staxText(String xml) {
        StringBuilder text = new StringBuilder();
        try {
            XMLStreamReader reader = HardenedXml.inputFactory().createXMLStreamReader(new StringReader(xml));
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamReader.CHARACTERS && text.length() < 1_000_000) {
                    text.append(reader.getText());
                }
            }
        } catch (Exception e) {
            text.append(" refused");
        }
        return text.toString();
    }
}
