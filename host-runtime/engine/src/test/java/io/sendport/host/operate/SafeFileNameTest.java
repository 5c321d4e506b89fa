package io.sendport.host.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SafeFileNameTest {

    /** Letters, digits, dots, underscores and hyphens, whole characters, and no more of them than fit. */
    @Property(tries = 200)
    void isOnePathSegmentThatFits(@ForAll @StringLength(max = 600) String name) {
        String saved = SafeFileName.of("part-1-", name);
        assertThat(saved).startsWith("part-1-").matches("[\\p{L}\\p{Nd}._-]+");
        byte[] bytes = saved.getBytes(StandardCharsets.UTF_8);
        assertThat(bytes.length).isLessThanOrEqualTo(255);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(saved);
        assertThat(SafeFileName.ascii(saved)).hasSizeLessThanOrEqualTo(255).matches("\\p{ASCII}+");
    }

    @Test
    void keepsAnExtensionAndCutsWhatOnlyLooksLikeOne() {
        assertThat(SafeFileName.of("p-", "a".repeat(300) + ".tar.gz"))
                .hasSize(255)
                .endsWith("aa.gz");
        assertThat(SafeFileName.of("p-", "." + "a".repeat(300))).hasSize(255).startsWith("p-.aa");
        assertThat(SafeFileName.of("p-", "b." + "a".repeat(300))).hasSize(255).startsWith("p-b.aa");
        assertThat(SafeFileName.of("p-", "../../etc/passwd")).isEqualTo("p-.._.._etc_passwd");
    }

    @Test
    void doesNotSplitAFourByteCharacter() {
        String clef = "\uD835\uDD04"; // a letter
        String saved = SafeFileName.of("p-", clef.repeat(100) + ".x");
        assertThat(saved).isEqualTo("p-" + clef.repeat(62) + ".x");
    }
}
