package io.sendport.api.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ByteSizeTest {

    @Test
    void parsesSizesWithAndWithoutUnits() {
        assertThat(ByteSize.parse("25MB")).isEqualTo(25L << 20);
        assertThat(ByteSize.parse("512")).isEqualTo(512);
        assertThat(ByteSize.parse("20GB")).isEqualTo(20L << 30);
    }

    @Test
    void rejectsInvalidSizes() {
        assertThatThrownBy(() -> ByteSize.parse("many")).hasMessageContaining("is not a valid size");
        assertThatThrownBy(() -> ByteSize.parse("999999999999999TB")).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void formatsHumanReadableSizes() {
        assertThat(ByteSize.format(21_376)).isEqualTo("21 KB");
        assertThat(ByteSize.format(3_291_892)).isEqualTo("3.1 MB");
        assertThat(ByteSize.format(12)).isEqualTo("12 B");
    }
}
