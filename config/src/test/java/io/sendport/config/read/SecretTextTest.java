package io.sendport.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretTextTest extends ReadingFixture {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            {{Relay:hunter2}},        {{Relay:***}}
            {{env:NONE:hunter2}},     {{env:NONE:***}}
            hunter2{{env:PASSWORD}},  ***
            hunter2,                  ***
            """)
    void isWhatTheSettingsShow(String written, String shown) throws Exception {
        Reading reading = read("<properties><property name='Other' value='x'/></properties>"
                + "<host name='H'><smtp host='mail.corp.example' auth='basic' user='u' password='" + written
                + "'/></host>");

        assertThat(reading.elements())
                .filteredOn(each -> each.element().equals("host"))
                .first()
                .extracting(host -> host.child("smtp")
                        .orElseThrow()
                        .attributes()
                        .get("password")
                        .shown())
                .isEqualTo(shown);
    }
}
