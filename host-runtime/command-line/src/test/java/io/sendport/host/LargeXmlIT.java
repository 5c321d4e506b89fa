package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.InTurn;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Documents that took more memory or time than a process has, through the shipped script with little memory. */
@Timeout(600)
@InTurn
class LargeXmlIT {

    @TempDir
    private Path folder;

    @BeforeEach
    void configure() throws Exception {
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="jdbc:sqlite:var/sendport.db"/>
                  <promote property="N" messageType="a" xpath="//n[last()]"/>
                  <host name="H"><auditRelay embedded="true" archive="var/relay"/></host>
                  <pipeline name="X"><preAssemble><xslt stylesheet="copy.xsl"/></preAssemble></pipeline>
                  <sendPort name="P" host="H"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
                  <sendPort name="X" host="H" pipeline="X"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
                </sendport>
                """);
        Files.writeString(
                folder.resolve("copy.xsl"),
                "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:template match='/'>"
                        + "<xsl:copy-of select='.'/></xsl:template></xsl:stylesheet>");
    }

    private Installed.Result sendport(String... arguments) throws Exception {
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process process = Installed.start(folder, "-Xmx128m", out, err, arguments);
        io.sendport.testing.Patience.untilEnd(process);
        return new Installed.Result(process.exitValue(), Installed.read(out), Installed.read(err));
    }

    private void write(String root) throws Exception {
        byte[] element = "<n>1</n>".getBytes(StandardCharsets.US_ASCII);
        try (var out = new java.io.BufferedOutputStream(Files.newOutputStream(folder.resolve(root + ".xml")))) {
            out.write(("<" + root + ">").getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 3_500_000; i++) {
                out.write(element);
            }
            out.write(("</" + root + ">").getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void isRefusedBeforeATreeOfMillionsOfElementsIsBuilt() throws Exception {
        write("a");
        Installed.Result promoted = sendport("submit", "-c", "sendport.xml", "--port", "P", "a.xml");
        assertThat(promoted.status()).as(promoted.err()).isEqualTo(2);
        assertThat(promoted.err())
                .contains("<promote> would read the message into memory", "more than 500000 elements")
                .doesNotContain("OutOfMemoryError", "\tat ");
        Files.move(folder.resolve("a.xml"), folder.resolve("b.xml"));
        write("b");
        Installed.Result transformed = sendport("submit", "-c", "sendport.xml", "--port", "X", "--dry-run", "b.xml");
        assertThat(transformed.status()).as(transformed.err()).isEqualTo(1);
        assertThat(transformed.err())
                .contains("stage preAssemble, component xslt", "stylesheet copy.xsl", "more than 500000 elements")
                .doesNotContain("OutOfMemoryError", "\tat ");
    }

    @Test
    void isAcceptedWithTenThousandNamespaceDeclarations() throws Exception {
        Files.writeString(
                folder.resolve("c.xml"),
                "<c"
                        + IntStream.range(0, 10_000)
                                .mapToObj(i -> " xmlns:n" + i + "='urn:" + i + "'")
                                .collect(Collectors.joining())
                        + "/>");
        Installed.Result submitted = sendport("submit", "-c", "sendport.xml", "--port", "P", "c.xml");
        assertThat(submitted.status()).as(submitted.err()).isZero();
        assertThat(sendport(
                                "messages",
                                "show",
                                "-c",
                                "sendport.xml",
                                submitted.out().strip())
                        .out())
                .contains("property     BTS.MessageType = c");
    }
}
