package io.sendport.host.box.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.MessageId;
import io.sendport.testing.DeepTries;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.junit.jupiter.api.Test;

@AddLifecycleHook(DeepTries.class)
class BodyFormTest {

    private static final BodyKey KEY = new BodyKey("k1", new byte[BodyKey.BYTES]);
    private static final MessageId ID = MessageId.random();
    private static final BodyPlace PLACE = BodyPlace.chunk(ID.value(), 1, false);

    @Property(tries = 200)
    void readsBackWhatItStored(
            @ForAll @Size(max = 5000) byte[] clear,
            @ForAll @IntRange(max = 4096) int lead,
            @ForAll boolean isEncrypted) {
        BodyForm form = new BodyForm(lead, isEncrypted ? KEY : null);
        byte[] stored = form.stored(clear, PLACE);
        assertThat(form.clear(stored, PLACE)).isEqualTo(clear);
        assertThat(form.clearSize(stored.length)).isEqualTo(clear.length);
        assertThat(Arrays.copyOf(stored, lead)).containsOnly(new byte[lead]);
    }

    @Property(tries = 200)
    void findsEveryByteThatWasChanged(
            @ForAll @Size(max = 100) byte[] clear,
            @ForAll @IntRange(max = 20) int lead,
            @ForAll @IntRange(max = 1_000_000) int where,
            @ForAll @IntRange(min = 1, max = 255) int change) {
        BodyForm form = new BodyForm(lead, KEY);
        byte[] stored = form.stored(clear, PLACE);
        stored[lead + where % (stored.length - lead)] ^= (byte) change;
        assertThatThrownBy(() -> form.clear(stored, PLACE)).isInstanceOf(DamagedException.class);
    }

    @Test
    void cannotBeReadAtAnotherPlace() {
        BodyForm form = new BodyForm(0, KEY);
        byte[] stored = form.stored(new byte[10], PLACE);
        for (BodyPlace other : List.of(
                BodyPlace.chunk(ID.value(), 2, false),
                BodyPlace.chunk(ID.value(), 1, true),
                BodyPlace.chunk(MessageId.random().value(), 1, false),
                BodyPlace.part(ID, 1),
                BodyPlace.delivery(ID, 1))) {
            assertThatThrownBy(() -> form.clear(stored, other)).isInstanceOf(DamagedException.class);
        }
        assertThatThrownBy(() -> form.clear(Arrays.copyOf(stored, 27), PLACE)).isInstanceOf(DamagedException.class);
    }

    @Test
    void returnsTheSameArrayWithoutEncryption() {
        byte[] clear = new byte[10];
        assertThat(new BodyForm(0, null).stored(clear, PLACE)).isSameAs(clear);
        assertThat(new BodyForm(0, null).clear(clear, PLACE)).isSameAs(clear);
    }
}
