package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A configuration with many kinds of errors at once: each is told once, where it stands. */
@Timeout(300)
class PlantedErrorsIT {

    private static final String CONTENT = """
            <sendport xmlns="urn:sendport:config:1">
              <messageBox url="jdbc:oracle:x"/>
              <auditLedger checkpointInterval="soon"/>
              <observe port="99999"/>
              <promote property="Inv" xpath="///bad["/>
              <smtpConnection name="S" connectionString="SmtpServer=;EnableSsl=maybe;Colour=red"/>
              <smtpConnection name="T" host="mail" tls="sometimes"><replies><reply code="abc" action="retry"/></replies></smtpConnection>
              <pipeline name="Q"><preAssemble><xslt/></preAssemble><encode><smime sign="maybe"/></encode></pipeline>
              <host name="H" redirectTo="no address"><smtp host="mail" port="0" readTimeout="5s"/></host>
              <host name="H2"/>
              <sendPort name="A" host="Nope"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
              <sendPort name="B" host="H2"><serviceWindow days="mon-xyz" from="25:00" to="3"/><mail from="a@corp.example" to="b@customer.example"/></sendPort>
              <sendPort name="C" host="H" pipeline="None"><mail from="not an address" to="b@customer.example" colour="red"/></sendPort>
              <sendPort name="D" host="H"><smtp connection="Unknown"/><mail to="b@customer.example"/><retry count="-1" interval="PT1X"/></sendPort>
              <sendPort name="E" host="H"><smtp host="mail" auth="basic" password="{{env:NOT_THERE}}"/><mail from="a@corp.example" to="b@customer.example"/><rate messages="0" per="PT0S"/></sendPort>
              <sendPort name="E" host="H"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
              <sendPort name="F" host="H" priority="11" stopOnFailure="true"><mail from="a@corp.example" to="b@customer.example"/><expect within="PT0S"/><subscribe><all><match property="x"/></all></subscribe></sendPort>
              <sendPortGroup name="G"><member port="Missing"/></sendPortGroup>
              <nonsense/>
            </sendport>
            """;

    /** Line, and what stands at that place. */
    private static final List<String> PLANTED = List.of(
            "2 url",
            "3 checkpointInterval",
            "4 port",
            "5 xpath",
            "6 connectionString",
            "6 connectionString",
            "6 connectionString",
            "7 tls",
            "7 code",
            "8 xslt",
            "8 sign",
            "9 redirectTo",
            "9 port",
            "9 readTimeout",
            "11 host",
            "12 sendPort B",
            "12 days",
            "12 from",
            "12 to",
            "13 pipeline",
            "13 from",
            "13 colour",
            "14 connection",
            "14 <mail> has no from",
            "14 count",
            "14 interval",
            "15 password",
            "15 messages",
            "15 per",
            "16 name",
            "17 priority",
            "17 stopOnFailure",
            "17 within",
            "17 property",
            "18 port",
            "19 <nonsense>");

    @TempDir
    private Path folder;

    @Test
    void areEachReportedOnceAtTheirLocation() throws Exception {
        Files.writeString(folder.resolve("sendport.xml"), CONTENT);
        Installed.Result result = Installed.sendport(folder, "validate", "-c", "sendport.xml");
        assertThat(result.status()).isEqualTo(2);
        List<String> told = (result.out() + result.err())
                .lines()
                .filter(line -> line.contains("sendport.xml:") && !line.contains(": warning: "))
                .toList();
        List<String> lines = CONTENT.lines().toList();
        for (int i = 0; i < PLANTED.size(); i++) {
            String[] planted = PLANTED.get(i).split(" ", 2);
            assertThat(told)
                    .as(PLANTED.get(i))
                    .anyMatch(line -> line.contains("sendport.xml:" + planted[0] + ":") && line.contains(planted[1]));
        }
        assertThat(told).hasSameSizeAs(PLANTED);
        assertThat(told)
                .as("no raw words of the parser")
                .noneMatch(line -> line.contains("facet") || line.contains("cvc-"));
        for (String line : told) {
            String[] place = line.substring(line.indexOf("sendport.xml:")).split(":");
            String text = lines.get(Integer.parseInt(place[1]) - 1);
            assertThat(Integer.parseInt(place[2])).as(line).isLessThanOrEqualTo(text.length() + 1);
        }
        Installed.Result json = Installed.sendport(folder, "validate", "--json", "-c", "sendport.xml");
        assertThat(json.out().lines().filter(line -> line.contains("\"severity\":\"error\"")))
                .hasSameSizeAs(PLANTED)
                .noneMatch(line -> line.contains("\"where\":\"\""));
    }

    @Test
    void areFoundInAConnectionThatNoPortUsesYet() throws Exception {
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="jdbc:sqlite:box.db"/>
                  <smtpConnection name="Spare" host="mail" auth="basic" user="u"/>
                  <smtpConnection name="Used" host="mail" tls="none" trustStore="missing.pem"/>
                  <host name="H"><mail from="a@corp.example" to="b@customer.example"/></host>
                  <sendPort name="P" host="H"><smtp connection="Used"/></sendPort>
                </sendport>
                """);
        Installed.Result result = Installed.sendport(folder, "validate", "-c", "sendport.xml");
        assertThat(result.status()).as(result.out() + result.err()).isEqualTo(2);
        assertThat((result.out() + result.err()).lines().filter(line -> line.contains("sendport.xml:3:")))
                .singleElement()
                .asString()
                .contains("password");
    }
}
