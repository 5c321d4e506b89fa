package io.sendport.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.settings.Problem;
import io.sendport.config.port.Rate;
import io.sendport.config.port.Schedule;
import io.sendport.config.port.SendPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configuration means, and what is wrong with it, with file and line. */
class ConfigurationReaderTest extends ReadingFixture {

    @Test
    void readsAPortWithInheritedSettings() throws IOException {
        Reading reading = read(
                "<host name='H'><smtp host='mail.corp.example' port='2525' tls='none' auth='basic' user='u' password='p'/>"
                        + "<mail from='host@corp.example'/></host>"
                        + port("<mail to='b@customer.example'/><smtp auth='none'/><retry count='0'/>"));
        assertThat(messages(reading)).singleElement().satisfies(warning -> assertThat(warning)
                .contains("warning: <smtp> password: is written here in plain text"));
        SendPort port = reading.configuration().orElseThrow().port("P").orElseThrow();
        assertThat(port.transport().text("host")).contains("mail.corp.example");
        assertThat(port.transport().text("user")).as("credentials go with auth").isEmpty();
        assertThat(port.mail().text("from")).contains("host@corp.example");
        assertThat(port.retry().count()).isZero();
        assertThat(port.retry().interval()).hasMinutes(5);
    }

    @Test
    void keepsAllSignersWhenAPortOverridesPipelineSettings() throws IOException {
        String pipeline =
                "<pipeline name='S'><encode><smime signature='clear' signingKey='a.p12'><signer signingKey='b.p12'/>"
                        + "<signer signingKey='c.p12'/></smime></encode></pipeline>";
        Reading reading = read("<host name='H'><smtp host='mail.corp.example' tls='none'/></host>" + pipeline
                + "<sendPort name='P' host='H' pipeline='S'>" + MAIL
                + "<pipelineSettings><smime includeCertificates='signer'/></pipelineSettings></sendPort>");
        SendPort port = reading.configuration().orElseThrow().port("P").orElseThrow();
        assertThat(port.pipeline().encode().get(0).children("signer"))
                .extracting(each -> each.text("signingKey", ""))
                .containsExactly("b.p12", "c.p12");
    }

    @Test
    void portSettingsOverrideConnectionSettings() throws IOException {
        Reading reading = read(
                "<smtpConnection name='C' host='mail.corp.example' port='465' tls='implicit' maxConnections='9'/><host name='H'/>"
                        + port(MAIL + "<smtp connection='C' maxConnections='2'/>"));
        SendPort port = reading.configuration().orElseThrow().port("P").orElseThrow();
        assertThat(port.transport().text("tls")).contains("implicit");
        assertThat(port.transport().number("maxConnections", 4)).isEqualTo(2);
    }

    @Test
    void reportsAllProblemsAtOnceWithTheirLines() throws IOException {
        Reading reading = read(
                HOST + "\n"
                        + "<sendPort name='A' host='Nowhere'><mail from='a@corp.example' to='b@customer.example'/></sendPort>\n"
                        + "<sendPort name='B' host='H' pipeline='None'><mail from='not an address' to='b@customer.example'/></sendPort>\n"
                        + "<sendPort name='B' host='H'><mail from='a@corp.example' to='b@customer.example'/><smtp connection='C'/></sendPort>\n"
                        + "<sendPort name='D' host='H' colour='red'><mail from='a@corp.example' to='b@customer.example'/><retry count='many'/></sendPort>");
        assertThat(String.join("\n", messages(reading)))
                .contains("sendport.xml:3:")
                .contains("host: \"Nowhere\" does not exist; expected one of [H]")
                .contains("pipeline: \"None\" does not exist")
                .contains("has no @")
                .contains("the name of sendPort \"B\" is used twice")
                .contains("sendport.xml:6:")
                .contains("<sendPort>: has no attribute colour")
                .contains("'many' is not a number");
    }

    @Test
    void rejectsAPortThatBypassesTheAuditRelay() throws IOException {
        Reading reading = read("<host name='H'><auditRelay host='relay.corp.example' tls='none' port='25'/></host>"
                + port(MAIL + "<smtp host='elsewhere.example'/>"));
        assertThat(messages(reading)).anySatisfy(message -> assertThat(message).contains("has an audit relay"));
        Reading camel = read("<host name='H'><auditRelay host='relay.corp.example' tls='none' port='25'/></host>"
                + port(MAIL + "<camel uri='smtp://elsewhere.example'/>"));
        assertThat(camel.hasErrors()).isTrue();
    }

    @Test
    void rejectsInvalidAuditRelaySettings() throws IOException {
        Reading reading = read("<host name='X'><auditRelay embedded='true' port='25' nextHop='C'/></host>"
                + "<host name='Y'><auditRelay embedded='true' maxMessageSize='3GB'/></host>"
                + "<host name='H'><auditRelay host='relay.corp.example' archive='var/relay'/></host>" + port(MAIL));
        assertThat(String.join("\n", messages(reading)))
                .contains("<auditRelay> port: is not allowed on an embedded relay")
                .contains("smtpConnection \"C\" does not exist; the configuration has no smtpConnection")
                .contains("which a relay of host X already uses")
                .contains("<auditRelay> maxMessageSize: is too large")
                .contains("<auditRelay> archive: is only for an embedded relay");
    }

    @Test
    void reportsFeaturesThatAreNotSupportedYet() throws IOException {
        Reading reading = read("<promote property='P' jsonPath='$.p'/>" + HOST + port(MAIL));
        assertThat(messages(reading))
                .filteredOn(message -> message.contains("not supported in this version yet"))
                .hasSize(1);
    }

    @Test
    void rejectsAMissingAuditorCertificate() throws IOException {
        Reading reading = read("<host name='X'><audit auditorCertificate='none.pem'/></host>" + HOST + port(MAIL));
        assertThat(messages(reading)).singleElement().satisfies(message -> assertThat(message)
                .contains("auditorCertificate", "none.pem does not exist or cannot be read"));
    }

    @Test
    void reportsProblemsWithSubscriptionsAndGroups() throws IOException {
        Reading reading = read(
                HOST + "<sendPort name='P' host='H'>" + MAIL
                        + "<subscribe><all><match property='A'/></all><all/></subscribe></sendPort><sendPort name='Q' host='H'>"
                        + MAIL
                        + "<subscribe/></sendPort><sendPortGroup name='P'/><sendPortGroup name='G'><member port='Nobody'/></sendPortGroup>");
        assertThat(messages(reading).toString())
                .contains("has no condition")
                .contains("has no <match>, so it would match every message")
                .contains("<subscribe>: has no <all>")
                .contains("has no <member>")
                .contains("is the name of a sendPort")
                .contains("\"Nobody\" does not exist");
    }

    @Test
    void readsTheScheduleOfAPortAndReportsItsProblems() throws IOException {
        Reading good = read(
                HOST + "<sendPort name='P' host='H' ordered='true' stopOnFailure='true' priority='2'>" + MAIL
                        + "<serviceWindow days='mon-fri' from='08:00' to='18:00' zone='Europe/Paris'/><rate messages='3' per='PT1M'/></sendPort>");
        Schedule schedule = good.configuration().orElseThrow().ports().get(0).schedule();
        assertThat(schedule.windows()).hasSize(1);
        assertThat(schedule.rates()).extracting(Rate::messages).containsExactly(3);
        assertThat(schedule.priority()).isEqualTo(2);
        assertThat(schedule.ordered() && schedule.stopOnFailure()).isTrue();
        Reading bad = read(
                HOST + "<sendPort name='P' host='H' stopOnFailure='true'>" + MAIL
                        + "<serviceWindow days='mon-someday' from='08:00' to='18:00'/><serviceWindow from='8' to='18:00'/>"
                        + "<serviceWindow from='08:00' to='18:00' zone='Mars/Base'/><rate messages='3' per='PT0S'/></sendPort>");
        assertThat(messages(bad).toString())
                .contains("someday")
                .contains("expected HH:MM")
                .contains("expected a time zone")
                .contains("is not positive")
                .contains("has no effect without ordered");
    }

    @Test
    void resolvesPlaceholdersWithoutShowingTheirValues() throws IOException {
        Reading reading = read(
                "<host name='H'><smtp host='mail.corp.example' port='{{env:PASSWORD}}' password='{{env:PASSWORD}}'/></host>"
                        + port(MAIL));
        assertThat(reading.problems()).isNotEmpty();
        assertThat(reading.problems().toString())
                .doesNotContain("s3cret-canary")
                .contains("{{env:PASSWORD}}");
        assertThat(reading.configuration().orElseThrow().toString()).doesNotContain("s3cret-canary");
    }

    @Test
    void neverShowsASecretWithUnprintableCharacters() throws IOException {
        Path file = folder.resolve("sendport.xml");
        Files.writeString(
                file,
                "<sendport xmlns='urn:sendport:config:1'><host name='H'/>"
                        + port("<mail from='a@corp.example' to='{{env:PASSWORD}}'/>") + "</sendport>");
        Reading reading = new ConfigurationReader(new SimplePlaceholders(Map.of("env:PASSWORD", "s3cret\u202Ecanary")))
                .read(file);
        assertThat(reading.problems().toString())
                .contains("has no @", "{{env:PASSWORD}}")
                .doesNotContain("s3cret", "canary");
    }

    @Test
    void reportsTheLineOfAnInvalidContentType() throws IOException {
        Reading reading = read("<host name='H'><smtp host='mail.corp.example' tls='none'/></host>"
                + port("<mail from='a@corp.example' to='b@customer.example'>\n<body text='x' type='text'/>\n"
                        + "<attach parts='all' type='a/b; c'/></mail>"));
        assertThat(messages(reading))
                .anySatisfy(text -> assertThat(text)
                        .startsWith("sendport.xml:3:")
                        .contains("\"text\" is not a well-formed content type"))
                .anySatisfy(text -> assertThat(text)
                        .startsWith("sendport.xml:4:")
                        .contains("\"a/b; c\" is not a well-formed content type"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x:foo(/a)                    | unknown function x:foo()",
                "foo(/a)                      | unknown function foo()",
                "/a[x:foo ( . )]/b            | unknown function x:foo()",
                "/a[current() = 1]            | unknown function current()",
                "key('a', 'b')                | unknown function key()",
                "document('file:/etc/passwd') | unknown function document()",
                "/a/div (/b)                  | unknown function div()",
                "/a/$v                        | unknown variable $v",
                "/q:a                         | Prefix must resolve to a namespace: q",
                "/a[                          | is not valid XPath",
                "count(1)                     | Can not convert #NUMBER to a NodeList!",
                "contains('a')                | only allows 2 arguments"
            })
    void reportsTheProblemAndLineOfAnXPath(String xpath, String fault) throws IOException {
        Reading reading = read("<host name='H'/>\n<promote xmlns:x='urn:x' property='P' xpath=\"" + xpath + "\"/>");
        assertThat(messages(reading)).singleElement().satisfies(text -> assertThat(text)
                .startsWith("sendport.xml:3:")
                .contains("<promote> xpath: ", "is not valid XPath: ", fault));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x:a/x:b[@id and not(x:c or x:d)]/text()",
                "string(/*/*[local-name() = 'ID'][1])",
                "concat(/a, ' foo(', /b)",
                "/a[position() = last() - 1]",
                "count(/a/b) * 2 div (3) mod (4)",
                "/a/and[or]/div/mod",
                "/a/processing-instruction('foo')|/a/comment()|/a/node()",
                "child::a/descendant-or-self::node()/@xml:lang",
                "normalize-space(substring-before(/a, 'b'))",
                "translate(/*/div/mod, 'x', 'y')"
            })
    void acceptsXPath1Expressions(String xpath) throws IOException {
        Reading reading = read("<host name='H'/>\n<promote xmlns:x='urn:x' property='P' xpath=\"" + xpath + "\"/>");
        assertThat(messages(reading)).isEmpty();
    }

    @Test
    void reportsTheLineOfAnInvalidMapTimeout() throws IOException {
        Files.writeString(folder.resolve("m.xsl"), "");
        Reading reading = read("<host name='H'><smtp host='mail.corp.example' tls='none'/></host>"
                + port(MAIL + "\n<map messageType='a' stylesheet='m.xsl' timeout='PT0S'/>"));
        assertThat(messages(reading)).singleElement().satisfies(text -> assertThat(text)
                .startsWith("sendport.xml:3:")
                .contains("<map> timeout: is not positive"));
    }

    @Test
    void reportsAnUnresolvedPlaceholderOnce() throws IOException {
        Reading reading = read(
                "<host name='H'><smtp host='{{env:MISSING}}' port='{{missing.port}}' tls='none'/></host>" + port(MAIL));
        assertThat(messages(reading)).hasSize(2).allSatisfy(message -> assertThat(message)
                .startsWith("sendport.xml:2:"));
    }

    @Test
    void readsIncludedFilesAndProperties() throws IOException {
        Files.createDirectories(folder.resolve("ports"));
        Files.writeString(folder.resolve("test.properties"), "relay=relay.test.example\n");
        Files.writeString(
                folder.resolve("ports/p.xml"), "<sendport xmlns='urn:sendport:config:1'>" + port(MAIL) + "</sendport>");
        Reading reading = read(
                "<properties file='test.properties'/><include file='ports/*.xml'/><host name='H'><smtp host='{{relay}}' tls='none'/></host>");
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.configuration()
                        .orElseThrow()
                        .port("P")
                        .orElseThrow()
                        .transport()
                        .text("host"))
                .contains("relay.test.example");
    }

    @Test
    void ignoresCyclicIncludes() throws IOException {
        Reading reading = read("<include file='sendport.xml'/>" + HOST + port(MAIL));
        assertThat(reading.configuration().orElseThrow().ports()).hasSize(1);
    }

    @Test
    void rejectsHostileAndMalformedXml() throws IOException {
        Files.writeString(folder.resolve("secret"), "canary");
        Path file = folder.resolve("sendport.xml");
        Files.writeString(
                file,
                "<!DOCTYPE x [<!ENTITY e SYSTEM 'secret'>]>\n<sendport xmlns='urn:sendport:config:1'>&e;</sendport>");
        Reading reading = new ConfigurationReader(placeholders).read(file);
        assertThat(reading.configuration()).isEmpty();
        assertThat(messages(reading).get(0)).startsWith("sendport.xml:1:").contains("DOCTYPE");
        Files.writeString(file, "<sendport xmlns='urn:sendport:config:1'><host name='H'></sendport>");
        assertThat(messages(new ConfigurationReader(placeholders).read(file)).get(0))
                .contains("host");
    }

    @Test
    void acceptsTheContractExampleUnchanged() throws IOException {
        Path file = folder.resolve("example.xml");
        try (var in = ConfigurationReaderTest.class.getResourceAsStream("contract-example.xml")) {
            Files.copy(in, file);
        }
        Reading reading = new ConfigurationReader(placeholders).read(file);
        List<String> others = reading.problems().stream()
                .map(Problem::toString)
                .filter(text -> !text.contains("not supported in this version yet"))
                .map(text -> text.substring(text.indexOf("example.xml")))
                .toList();
        assertThat(others)
                .as("missing files and variables are all that is wrong with it: %s", others)
                .allMatch(text -> text.contains("{{")
                        || text.contains("does not exist or cannot be read")
                        || text.contains("cannot be read")
                        || text.contains("matches no file"))
                .anyMatch(text -> text.contains("{{env:SVC_PASSWORD}}"))
                .anyMatch(text -> text.contains("terms.pdf"))
                .anyMatch(text -> text.contains("ports/*.xml"));
    }

    @Test
    void keepsTheFilesOfAPostgresqlMessageBoxInTheGivenFolder() throws Exception {
        String url = "<messageBox url='jdbc:postgresql:sendport' folder='%s'/>";
        assertThat(read(url.formatted("/var/lib/sendport"))
                        .configuration()
                        .orElseThrow()
                        .messageBox()
                        .place())
                .isEqualTo(Path.of("/var/lib/sendport/sendport"));
        assertThat(read(url.formatted("own"))
                        .configuration()
                        .orElseThrow()
                        .messageBox()
                        .place())
                .isEqualTo(folder.resolve("own/sendport"));
        assertThat(messages(read("<messageBox url='jdbc:sqlite:box.db' folder='own'/>")))
                .singleElement()
                .asString()
                .contains("folder", "has no effect with SQLite");
    }
}
