package io.sendport.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XmlRootTest {

    private static Optional<String> type(String xml, Charset charset) throws Exception {
        return XmlRoot.of(new ByteArrayInputStream(xml.getBytes(charset))).map(XmlRoot::type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<a/>                                            | a",
                "<a xmlns='urn:x'><b/></a>                       | urn:x#a",
                "<p:a xmlns:p='urn:x' xmlns='urn:y'/>            | urn:x#a",
                "<?xml version='1.0'?><!-- c --><?p?><a>         | a",
                "<a xmlns=''/>                                   | a",
                "<xml:a/>                                        | http://www.w3.org/XML/1998/namespace#a",
                "<a xmlns:p='urn:x'><p:b></a>                    | a",
                "<p:a/>                                          | ",
                "<p:a xmlns:p=''/>                               | ",
                "<p:q:a xmlns:p='urn:x'/>                        | ",
                "<:a/>                                           | ",
                "<a: xmlns:a='urn:x'/>                           | ",
                "<a b='1' b='2'/>                                | ",
                "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>        | ",
                "no XML                                          | ",
                "<                                               | ",
                "<a                                              | "
            })
    void isReadFromTheStartTagOnly(String xml, String type) throws Exception {
        assertThat(type(xml, StandardCharsets.UTF_8)).isEqualTo(Optional.ofNullable(type));
    }

    @Test
    void isReadInTheCharsetOfTheDocument() throws Exception {
        assertThat(type("<\u00FC/>", StandardCharsets.UTF_16)).contains("\u00FC");
        assertThat(type("<?xml version='1.0' encoding='ISO-8859-1'?><\u00FC/>", StandardCharsets.ISO_8859_1))
                .contains("\u00FC");
        assertThat(type("<\u00FC/>", StandardCharsets.ISO_8859_1))
                .as("no UTF-8")
                .isEmpty();
    }

    /** Each took seconds. */
    @Test
    void handlesTenThousandNamespaceDeclarationsQuickly() {
        String many = IntStream.range(0, 9_999)
                .mapToObj(i -> " xmlns:n" + i + "='urn:" + i + "'")
                .collect(Collectors.joining());
        Assertions.assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
            for (int i = 0; i < 20; i++) {
                assertThat(type("<n7:r" + many + "/>", StandardCharsets.UTF_8)).contains("urn:7#r");
                assertThat(type("<n7:r" + many + many.replace(" xmlns:", " a:") + "/>", StandardCharsets.UTF_8))
                        .as("more than 10,000")
                        .isEmpty();
            }
        });
    }
}
