package io.sendport.host.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PropertyValueTest {

    /** Of a component of somebody's own. */
    record Component(List<Integer> sizes, List<String> names) {}

    private static Object convert(String text, Type type) {
        return PropertyValue.convert(
                Setting.plain(text, new Origin(Path.of("/etc/sendport/sendport.xml"), 1, 1)), type);
    }

    @Test
    void convertsTextToTheRequestedType() throws Exception {
        assertThat(convert("5", int.class)).isEqualTo(5);
        assertThat(convert("0.5", double.class)).isEqualTo(0.5);
        assertThat(convert("0.5", Double.class)).isEqualTo(0.5);
        assertThat(convert("https://a.example/b", URI.class)).isEqualTo(URI.create("https://a.example/b"));
        assertThat(convert("utf-8", Charset.class)).isEqualTo(StandardCharsets.UTF_8);
        assertThat(convert("08:30", LocalTime.class)).isEqualTo(LocalTime.of(8, 30));
        assertThat(convert("12345678901234567890", BigInteger.class)).isEqualTo(new BigInteger("12345678901234567890"));
        assertThat(convert("keys/a.pem", Path.class)).isEqualTo(Path.of("/etc/sendport/keys/a.pem"));
        assertThat(convert("days", TimeUnit.class)).isEqualTo(TimeUnit.DAYS);
        assertThat(convert(
                        "1, 2,3", Component.class.getDeclaredConstructors()[0].getGenericParameterTypes()[0]))
                .isEqualTo(List.of(1, 2, 3));
        assertThat(convert("", Component.class.getDeclaredConstructors()[0].getGenericParameterTypes()[1]))
                .isEqualTo(List.of());
    }

    @ParameterizedTest
    @CsvSource({"5s, PT5S", "soon, PT5S"})
    void showsAValidExampleForAnInvalidDuration(String text, String example) {
        assertThatThrownBy(() -> convert(text, Duration.class)).hasMessageContaining(example);
    }

    @Test
    void reportsWhatIsExpectedWhenConversionFails() {
        assertThatThrownBy(() -> convert("many", int.class)).hasMessage("expected a value such as 5");
        assertThatThrownBy(() -> convert("eons", TimeUnit.class)).hasMessageContaining("SECONDS, MINUTES");
        assertThatThrownBy(() -> convert("x", Thread.State[].class)).hasMessageContaining("static valueOf(String)");
    }
}
