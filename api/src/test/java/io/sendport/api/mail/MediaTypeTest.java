package io.sendport.api.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "text/plain;charset=UTF-8",
                "text/plain; charset=\"utf-8\"; format=flowed",
                "application/pkcs7-mime; smime-type=enveloped-data; name=\"smime.p7m\"",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "multipart/mixed; boundary=\"a=b; \\\" c\"",
                "application/xml ; charset = utf-8 ;",
                "image/svg+xml"
            })
    void acceptsWellFormedContentTypes(String text) {
        assertThat(new MediaType(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "text/",
                "/plain",
                "x\" <evil@z.test>",
                "text/plain <evil@z.test>",
                "text/plain; charset",
                "text/plain; charset=",
                "text/plain; charset=\"utf-8",
                "text/plain; a=b c=d",
                "text/plain, text/html",
                "text/plain; name=a/b",
                "text/plain; name=\"a\u202E\"",
                "text/plain; name=\"\u00FC\"",
                "text/plain\r\nX-Injected: yes",
                "text/plain; name=\"a\r\n b\"",
                "text/pl ain",
                "t\u00E9xt/plain",
                "text/plain\u0000"
            })
    void rejectsMalformedContentTypes(String text) {
        assertThat(MediaType.isWellFormed(text)).isFalse();
        assertThatThrownBy(() -> new MediaType(text))
                .hasMessageContaining("is not well-formed; expected type/subtype")
                .message()
                .doesNotContain("\r", "\n", "\u202E", "\u0000");
    }

    @Test
    void rejectsVeryLongInputQuickly() {
        String long1 = "a/b" + "; a=\"\\\"".repeat(100_000);
        String long2 = "a/b" + " ;".repeat(499);
        Assertions.assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
            assertThat(MediaType.isWellFormed(long1)).isFalse();
            assertThat(MediaType.isWellFormed(long2)).isFalse();
        });
    }
}
