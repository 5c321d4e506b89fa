package io.sendport.api.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageIdTest {

    private static final int MANY = 20_000;

    private final List<MessageId> ids =
            Stream.generate(MessageId::random).limit(MANY).toList();

    @Test
    void isAUuidOfVersion8() {
        UUID id = UUID.fromString(ids.get(0).value());
        assertThat(id.version()).isEqualTo(8);
        assertThat(id.variant()).isEqualTo(2);
    }

    @Test
    void hasABriefFormThatIsUniqueWithinAProcess() {
        Set<String> brief = new HashSet<>();
        ids.forEach(each -> brief.add(each.brief()));
        assertThat(brief).hasSize(MANY);
    }

    @Test
    void sortsAfterEarlierIds() {
        long ascents = 0;
        for (int i = 1; i < MANY; i++) {
            ascents += ids.get(i).compareTo(ids.get(i - 1)) > 0 ? 1 : 0;
        }
        // It begins anew once at most.
        assertThat(ascents).isGreaterThanOrEqualTo(MANY - 2);
    }

    @Test
    void hasAUniqueRandomPart() {
        Set<String> rest = new HashSet<>();
        ids.forEach(each -> rest.add(each.value().substring(9)));
        assertThat(rest).hasSize(MANY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1", "e45e8a2a-0000-0000-0000-00000000000g", "e45e8a2a00000000000000000000000000000000"})
    void rejectsAnInvalidUuid(String text) {
        assertThatThrownBy(() -> new MessageId(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
