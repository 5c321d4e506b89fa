package io.sendport.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.settings.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message may choose by a macro, and where the configuration has to allow it. */
class MailTemplatesTest {

    @TempDir
    private Path folder;

    private List<String> problems(String port) throws IOException {
        Path file = folder.resolve("sendport.xml");
        Files.writeString(
                file,
                "<sendport xmlns='urn:sendport:config:1'>\n<host name='H'><smtp host='mail.corp.example' tls='none'/></host>\n"
                        + "<sendPort name='P' host='H'>\n" + port + "\n</sendPort></sendport>");
        return new ConfigurationReader(new SimplePlaceholders(Map.of()))
                .read(file).problems().stream()
                        .map(Problem::toString)
                        .map(text -> text.substring(text.indexOf("sendport.xml")))
                        .toList();
    }

    private static String mail(String attributes) {
        String from = attributes.contains("from=") ? "" : " from='a@corp.example'";
        String to = attributes.contains("to=") ? "" : " to='b@customer.example'";
        return "<mail " + attributes + from + to + "/>";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "to='%Cust%'",
                "to='Name &lt;%Cust%>'",
                "to='b@customer.example; orders@%Cust%'",
                "to='orders@%Cust%.example'",
                "cc='%Cust%'",
                "bcc='%Cust%'",
                "replyTo='%Cust%'",
                "from='%Cust%'",
                "envelopeFrom='bounces@%Cust%'",
                "domains='' to='%Cust%'"
            })
    void requiresADomainListWhenAMessageChoosesADomain(String attributes) throws IOException {
        assertThat(problems(mail(attributes))).singleElement().satisfies(problem -> assertThat(problem)
                .startsWith("sendport.xml:4:")
                .contains("each message chooses a domain through %Cust%")
                .contains("domains=\"*\" allows every domain"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "to='%Cust%' domains='customer.example'",
                "to='%Cust%' domains='*'",
                "to='%Cust%@customer.example'",
                "to='billing+%Cust%@customer.example'",
                "to='%Cust% &lt;b@customer.example>'",
                "to='\"%Cust%\" &lt;b@customer.example>, c@customer.example'",
                "bcc='archive@%MessageID%.corp.example'",
                "envelopeFrom='bounces+%MessageID%@corp.example'",
                "envelopeFrom='&lt;>'",
                "subject='%Cust%'"
            })
    void acceptsMacrosWhenTheConfigurationLimitsTheDomain(String attributes) throws IOException {
        assertThat(problems(mail(attributes))).isEmpty();
    }

    @Test
    void inheritsTheDomainListOfTheHost() throws IOException {
        assertThat(problems("<mail to='%Cust%'/>"))
                .anySatisfy(problem -> assertThat(problem).contains("chooses a domain through %Cust%"));
        Path file = folder.resolve("sendport.xml");
        Files.writeString(
                file,
                "<sendport xmlns='urn:sendport:config:1'><host name='H'><smtp host='mail.corp.example' tls='none'/>"
                        + "<mail from='a@corp.example' domains='customer.example'/></host>"
                        + "<sendPort name='P' host='H'><mail to='%Cust%'/></sendPort></sendport>");
        assertThat(new ConfigurationReader(new SimplePlaceholders(Map.of()))
                        .read(file)
                        .problems())
                .isEmpty();
    }

    @Test
    void usesTheDomainListOfADynamicPortOnlyForRecipients() throws IOException {
        String dynamic = "<dynamic domains='customer.example'/>";
        assertThat(problems(dynamic + "<mail from='a@corp.example' cc='%Cust%'/>"))
                .isEmpty();
        assertThat(problems(dynamic + "<mail from='a@corp.example' replyTo='%Cust%'/>"))
                .hasSize(1);
    }

    @Test
    void requiresADomainListForAddressHeaderFields() throws IOException {
        assertThat(problems(
                        "<mail from='a@corp.example' to='b@customer.example'>\n<header name='Resent-To' value='%Cust%'/>"
                                + "<header name='X-Customer' value='%Cust%'/></mail>"))
                .singleElement()
                .satisfies(problem -> assertThat(problem)
                        .startsWith("sendport.xml:5:")
                        .contains("<header> value")
                        .contains("chooses a domain through %Cust%"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "to='joe%Cust%'",
                "to='%A%%B%'",
                "to='b@customer.example, %MessageID%'",
                "to='%Cust% b@x.example'"
            })
    void rejectsAnAddressThatNoValueMakesValid(String attributes) throws IOException {
        assertThat(problems(mail("domains='*' " + attributes))).singleElement().satisfies(problem -> assertThat(problem)
                .startsWith("sendport.xml:4:")
                .contains("expected addresses separated by comma or semicolon"));
    }

    @Test
    void rejectsAnInvalidDomainList() throws IOException {
        assertThat(problems(mail("to='%Cust%' domains='%Cust%'")))
                .singleElement()
                .satisfies(problem -> assertThat(problem)
                        .startsWith("sendport.xml:4:")
                        .contains("<mail> domains")
                        .contains("expected domains such as customer.example"));
    }

    @Test
    void rejectsAFixedRecipientThatTheListDoesNotAllow() throws IOException {
        assertThat(problems(mail("to='%Cust%' bcc='archive@corp.example' domains='customer.example'")))
                .singleElement()
                .satisfies(problem -> assertThat(problem)
                        .startsWith("sendport.xml:4:")
                        .contains("<mail> bcc: recipient archive@corp.example is not allowed")
                        .contains("its domain is not one of [customer.example]"));
    }

    private String files(String elements) throws IOException {
        Files.createDirectories(folder.resolve("invoices"));
        return "<mail from='a@corp.example' to='b@customer.example'>\n" + elements + "</mail>";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<attach file='%Path%'/>",
                "<attach file='%Cust%.pdf'/>",
                "<attach file='./%Cust%.pdf' missing='skip'/>",
                "<attach file='/%Cust%'/>",
                "<attach file='../%Cust%/x.pdf'/>",
                "<attach folder='invoices' file='../%Cust%.pdf'/>",
                "<body file='%Lang%.txt'/>",
            })
    void rejectsAFileMacroOutsideAConfiguredFolder(String element) throws IOException {
        assertThat(problems(files(element))).singleElement().satisfies(problem -> assertThat(problem)
                .startsWith("sendport.xml:5:")
                .contains(" file: ")
                .containsAnyOf("a message could choose any file", "is not in folder")
                .contains("start the path with a folder"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<attach file='invoices/%Cust%.pdf'/>",
                "<attach folder='invoices' file='%Cust%.pdf'/>",
                "<attach folder='.' file='%Cust%.pdf'/>",
                "<attach folder='nowhere' file='%Cust%.pdf' missing='skip'/>",
                "<attach file='%MessageID%.pdf'/>",
                "<attach folder='invoices'/>",
                "<body folder='invoices'/>",
                "<body folder='invoices' file='%Lang%.txt'/>",
            })
    void acceptsAFileInAConfiguredFolder(String element) throws IOException {
        assertThat(problems(files(element))).isEmpty();
    }

    @Test
    void rejectsInvalidSourcesOfAttachmentsAndBodies() throws IOException {
        assertThat(problems(
                        files("<attach folder='nowhere' file='%Cust%.pdf'/>\n<attach folder='invoices' parts='all'/>\n"
                                + "<body folder='invoices' text='x'/>\n<attach folder='%Cust%' missing='skip'/>\n"
                                + "<attach file='invoices'/>\n<attach/>\n<body type='text/html'/>\n<body text=''/>")))
                .satisfiesExactlyInAnyOrder(
                        problem -> assertThat(problem)
                                .startsWith("sendport.xml:5:")
                                .contains("does not exist"),
                        problem -> assertThat(problem)
                                .startsWith("sendport.xml:6:")
                                .contains("expected exactly one of them, or file and folder"),
                        problem -> assertThat(problem)
                                .startsWith("sendport.xml:7:")
                                .contains("cannot be combined with a text"),
                        problem -> assertThat(problem)
                                .startsWith("sendport.xml:8:")
                                .contains("has a macro"),
                        problem -> assertThat(problem)
                                .startsWith("sendport.xml:9:")
                                .contains("does not exist or cannot be read"),
                        problem -> assertThat(problem)
                                .startsWith("sendport.xml:10:")
                                .contains("<attach> needs parts, file or folder"),
                        problem -> assertThat(problem)
                                .startsWith("sendport.xml:11:")
                                .contains("<body> text: is missing", "text=\"\" is an empty body"));
    }
}
