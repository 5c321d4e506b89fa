package io.sendport.host.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A {@code <camel uri>} creates no class instance and looks up no bean, in whatever spelling. */
class CamelUriTest {

    private static final List<String> HOSTILE = List.of(
            "log:x?exchangeFormatter=#class:java.io.FileOutputStream('pwned')",
            "log:x?exchangeFormatter=#type:java.io.File",
            "log:x?exchangeFormatter=#bean:x",
            "log:x?exchangeFormatter=#x",
            "log:x?exchangeFormatter= #x",
            "log:x?level=INFO&exchangeFormatter=RAW(#class:java.io.File)",
            "log:x?exchangeFormatter=RAW{#x}",
            "log:x?exchangeFormatter=#valueAs(int):1",
            "log:x?exchangeFormatter=#autowired",
            "log:x?exchangeFormatter=#property:x",
            "file:out?filter=#a,#b",
            "file:out?sorter=a,#b",
            "class:java.lang.Runtime",
            "class://java.lang.Runtime?method=gc",
            "bean:audit?method=stamp",
            "bean:type:java.lang.Runtime",
            " class:java.lang.Runtime",
            "\nbean:x",
            "ref:endpoint",
            "ref:#endpoint",
            "language:groovy:1",
            "language:bean:x",
            "dataset:x",
            "seda:#x",
            "direct:#class:java.io.File",
            "log:x?a=class:java.io.File",
            "log:x?a=direct:b?c=bean:x",
            "toD:bean:x",
            "enrich:class:java.lang.Runtime",
            "recipientList:direct:a,bean:x",
            "file:out?fileName=${bean:x}",
            "file:out?fileName=${bean:type:java.lang.Runtime?method=gc}",
            "file:out?fileName=${ref:x}",
            "file:out?fileName=${type:java.lang.Runtime}",
            "file:out?fileName=$simple{camelContext.registry.lookupByName('x')}",
            "file:out?fileName=${body.getClass()}",
            "file:out?fileName=${header.x.class.forName('y')}",
            "file:out?fileName=${date:now:${bean:x}}",
            "{{x}}",
            "log:x?a={{?y}}",
            "log:{{x}}");

    @TempDir
    private Path folder;

    static List<String> hostile() {
        return HOSTILE;
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void isRefusedWhenItCreatesOrLooksUpObjects(String uri) {
        assertThat(CamelUri.fault(uri)).isPresent();
        assertThat(CamelUri.fault(uri.toUpperCase(Locale.ROOT)))
                .as("upper case")
                .isPresent();
        assertThat(CamelUri.fault(encoded(uri, 1, new Random(1))))
                .as("percent-encoded")
                .isPresent();
        assertThat(CamelUri.fault(encoded(encoded(uri, 1, new Random(1)), 1, new Random(1))))
                .as("twice")
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jms:queue:mail",
                "jms:queue:mail?connectionFactory.user=x&password=RAW(a#b&c)",
                "file:/srv/out?fileName=${date:now:yyyyMMdd-HHmmss}-${header.SendportMessageId}.eml",
                "file:out?fileName=${headers[BTS.MessageID]}.eml&tempFileName=${file:name.noext}.tmp",
                "file:C:/data/classes?fileExist=Fail",
                "https://api.corp.example/mail%20box?httpMethod=POST",
                "https://api.corp.example/x#fragment",
                "direct:classify",
                "direct:bean",
                "seda:beans?size=10",
                "log:io.sendport.class?level=DEBUG&showAll=true",
                "kafka:topic?brokers=a:9092,b:9092",
                "timer:x?period=5s"
            })
    void acceptsAPlainEndpointUri(String uri) {
        assertThat(CamelUri.fault(uri)).isEmpty();
    }

    private static String encoded(String text, double share, Random random) {
        StringBuilder encoded = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            encoded.append(random.nextDouble() < share ? String.format("%%%02x", (int) c) : c);
        }
        return encoded.toString();
    }

    @Provide
    Arbitrary<String> codes() {
        return Arbitraries.of(HOSTILE);
    }

    @Property(tries = 200)
    void isRefusedInEverySpelling(@ForAll("codes") String uri, @ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder spelled = new StringBuilder();
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            spelled.append(random.nextBoolean() ? Character.toUpperCase(c) : c);
        }
        String once = encoded(spelled.toString(), 0.5, random);
        assertThat(CamelUri.fault(once)).as(once).isPresent();
        String twice = encoded(once, 0.5, random);
        assertThat(CamelUri.fault(twice)).as(twice).isPresent();
    }

    @Test
    void namesTheOption() {
        assertThat(CamelUri.fault("jms:queue:mail?password=RAW(a&b=c)&connectionFactory=#broker"))
                .hasValueSatisfying(fault -> assertThat(fault)
                        .startsWith("option connectionFactory has a value that starts with #")
                        .doesNotContain("broker"));
        assertThat(CamelUri.fault("jms:#queue"))
                .hasValueSatisfying(fault -> assertThat(fault).startsWith("has a value that starts with #"));
    }

    @Test
    void neverQuotesWhatMayBeAPassword() {
        assertThat(CamelUri.fault("jms:queue:mail?password=RAW(#s3cret)").orElseThrow())
                .doesNotContain("s3cret");
        assertThat(CamelUri.fault("jms:queue:mail?password=s3cret&x=#class:y").orElseThrow())
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nope:x                       | unknown Camel component \"nope\"",
                "log:x?levle=INFO             | component log has no option levle; similar options: level",
                "log:x?showAll=yes            | option showAll of component log is not a valid boolean",
                "file:out?autoCreate=perhaps  | option autoCreate of component file is not a valid boolean",
                "log:x?maxChars=many          | option maxChars of component log is not a valid int",
                "sendport:Nope                | unknown send port or group \"Nope\"",
                "smtp://mail.corp.example     | mail can be sent only through send ports",
                "smtps:mail.corp.example      | mail can be sent only through send ports"
            })
    void validatesAUriWithoutCreatingTheEndpoint(String uri, String fault) {
        try (HostCamelContext shell = new HostCamelContext(
                "H",
                Map.of(),
                Set.of("P"),
                submission -> {
                    throw new IllegalStateException("nothing is submitted");
                },
                Clock.systemUTC())) {
            assertThat(shell.endpointFault(uri).orElseThrow()).contains(fault);
            for (String good : List.of(
                    "log:x?level=INFO&showAll=true&maxChars=100",
                    "log:x?show-all=true&ShowBody=false",
                    "file:" + folder.resolve("made") + "?fileName=${date:now:yyyy}&autoCreate=true",
                    "timer:x?period=5s&delay=100",
                    "direct:x",
                    "sendport:P",
                    "sendport:*")) {
                assertThat(shell.endpointFault(good)).as(good).isEmpty();
            }
        }
        assertThat(folder.resolve("made")).doesNotExist();
    }

    /** As a jar in lib or a route file may name it. */
    @Test
    void isRefusedWhenABeanComponentIsRegisteredUnderAnotherName() throws Exception {
        for (String name : List.of("bean.BeanComponent", "beanclass.ClassComponent")) {
            Class<?> component = Class.forName("org.apache.camel.component." + name);
            assertThat(CamelUri.fault(component)).isPresent();
            try (DefaultCamelContext camel = new DefaultCamelContext()) {
                camel.addComponent("harmless", (org.apache.camel.Component)
                        component.getConstructor().newInstance());
                assertThatThrownBy(() -> CamelUri.endpoint(camel, "harmless:java.lang.Runtime"))
                        .isInstanceOf(ResolveEndpointFailedException.class)
                        .hasMessageContaining("creates or looks up objects");
                assertThat(CamelUri.endpoint(camel, "direct:x")).isNotNull();
            }
        }
        assertThat(CamelUri.fault(Class.forName("org.apache.camel.component.file.FileComponent")))
                .isEmpty();
    }

    @Test
    void checksFeedsWithoutRunningThem() throws Exception {
        Path made = folder.resolve("made");
        Path file = folder.resolve("a.xml");
        try (HostCamelContext shell = new HostCamelContext(
                "H",
                Map.of("to", "sendport:P"),
                Set.of("P"),
                submission -> {
                    throw new IllegalStateException("nothing is submitted");
                },
                Clock.systemUTC())) {
            String code = "log:x?exchangeFormatter=#class:java.io.FileOutputStream('" + made + "')";
            Files.writeString(
                    file,
                    "<routes><route id='r'><from uri='direct:a'/><to uri=\"" + code
                            + "\"/><to uri='{{to}}'/></route></routes>");
            assertThat(shell.feedProblems(List.of(file))).isEmpty();
            Files.writeString(
                    file,
                    "<beans xmlns='http://camel.apache.org/schema/xml-io'><bean name='b' type=\"#class:java.io.FileOutputStream('"
                            + made
                            + "')\"/><route id='r'><from uri='direct:a'/><to uri='sendport:P'/></route></beans>");
            assertThat(shell.feedProblems(List.of(file))).isEmpty();
            assertThat(made).as("a route file is code, and is not run").doesNotExist();
            for (String[] wrong : new String[][] {
                {
                    "<routes><route><from uri='direct:a'/><to uri='smtp://x'/></route></routes>",
                    "mail can be sent only through"
                },
                {
                    "<routes><route><from uri='direct:a'/><to uri='sendport:Q'/></route></routes>",
                    "unknown send port or group"
                },
                {"<routes><route><from uri='nope:a'/><to uri='sendport:P'/></route></routes>", "component \"nope\""},
                {
                    "<routes><route><from uri='direct:a'/><choice><when><simple>1</simple><to uri='log:x?y=z'/></when></choice>"
                            + "</route></routes>",
                    "has no option y"
                },
                {
                    "<routes><route id='r'><from uri='direct:a'/></route><route id='r'><from uri='direct:b'/></route></routes>",
                    "another route has this id"
                },
                {"<routes><route><from uri='direct:a'/><to uri='{{nope}}'/></route></routes>", "nope"},
                {"<routes><rote/></routes>", "rote"},
                {"<html/>", "<html> contains no routes"},
                {"<routes>", "a.xml"},
                {"<!DOCTYPE routes><routes/>", "document type declaration"}
            }) {
                Files.writeString(file, wrong[0]);
                assertThat(shell.feedProblems(List.of(file)))
                        .as(wrong[0])
                        .singleElement()
                        .asString()
                        .contains(wrong[1]);
            }
            Files.writeString(file, """
                    <routes>
                      <route id='orders'>
                        <from uri='jms:queue:orders'/>
                        <to uri='sendport:Q'/>
                      </route>
                      <route>
                        <from uri='direct:a'/>
                        <to uri='smtp://x'/>
                      </route>
                    </routes>
                    """);
            assertThat(shell.feedProblems(List.of(file)))
                    .extracting(Object::toString)
                    .satisfiesExactly(
                            first -> assertThat(first).startsWith(file + ":3:").contains("orders", "\"jms\""),
                            second ->
                                    assertThat(second).startsWith(file + ":4:").contains("orders", "\"Q\""),
                            third -> assertThat(third).startsWith(file + ":8:").contains("mail can be sent only"));
        }
    }
}
