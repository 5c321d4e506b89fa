package io.sendport.host.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.config.Promotion;
import io.sendport.support.XmlLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class PromotionsTest {

    private static final XmlLimits SMALL = new XmlLimits(10, 10, 5);

    private static Promotion promotion(String xpath, XmlLimits limits) {
        return new Promotion("P", Optional.empty(), Optional.of(xpath), Map.of("x", "urn:x"), true, limits);
    }

    private static Promotions.Promoted promoted(String xml, Promotion... promotions) throws IOException {
        return new Promotions(List.of(promotions)).promote(Context.empty(), Body.of(xml, StandardCharsets.UTF_8));
    }

    @Test
    void readsTypeAndProperties() throws IOException {
        Promotions.Promoted promoted =
                promoted("<x:a xmlns:x='urn:x'><x:b> 4711 </x:b></x:a>", promotion("/*/x:b", XmlLimits.DEFAULT));
        assertThat(promoted.context().get(MessageProperties.MESSAGE_TYPE)).contains("urn:x#a");
        assertThat(promoted.context().text("P")).contains("4711");
        assertThat(promoted.audited()).containsEntry("P", "4711");
    }

    @Test
    void refusesXmlThatExceedsTheLimits() throws IOException {
        String large = "<a>" + "<n>1</n>".repeat(20) + "</a>";
        assertThatThrownBy(() -> promoted(large, promotion("/a/n", SMALL)))
                .isInstanceOf(SubmissionRefusedException.class)
                .hasMessage("not submitted: <promote> would read the message into memory, but the XML has more"
                        + " than 10 elements; maxElements sets the limit");
        assertThat(promoted(large, promotion("/a/n", SMALL), promotion("/a/n", XmlLimits.DEFAULT))
                        .context()
                        .text("P"))
                .as("the largest of the promotions that apply counts")
                .contains("1");
        assertThat(promoted(large).context().get(MessageProperties.MESSAGE_TYPE))
                .as("where nothing is promoted nothing is read into memory")
                .contains("a");
    }

    @Test
    void refusesAMessageAndNamesThePropertyWhenAnXPathFails() {
        assertThatThrownBy(() -> promoted("<a/>", promotion("x:f(/a)", XmlLimits.DEFAULT)))
                .isInstanceOf(SubmissionRefusedException.class)
                .hasMessageContaining("<promote property=\"P\"> fails on this message");
    }

    @Test
    void readsTheRootTypeInTimeDespiteTenThousandNamespaces() {
        String many = IntStream.range(0, 9_990)
                .mapToObj(i -> " xmlns:n" + i + "='urn:" + i + "'")
                .collect(Collectors.joining());
        Assertions.assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
            for (int i = 0; i < 20; i++) {
                assertThat(promoted("<a xmlns='urn:a'" + many + "/>").context().get(MessageProperties.MESSAGE_TYPE))
                        .contains("urn:a#a");
            }
        });
        assertThatThrownBy(() -> promoted("<a" + many + "/>", promotion("/a", XmlLimits.DEFAULT)))
                .isInstanceOf(SubmissionRefusedException.class);
    }

    @Test
    void promotesNothingFromUnparsableContent() throws IOException {
        for (String text : List.of("hello", "<a", "<a><b></a>", "<!DOCTYPE a><a/>")) {
            assertThat(promoted(text, promotion("/a", SMALL)).context().text("P"))
                    .isEmpty();
        }
    }

    @Test
    void auditsTheSubmittedValueWhenThereIsNoXPath() throws Exception {
        Promotion promotion = new Promotion("P", Optional.empty(), Optional.empty(), Map.of(), true, XmlLimits.DEFAULT);
        Promotions.Promoted promoted = new Promotions(List.of(promotion))
                .promote(
                        Context.empty().with("P", "set").with("Q", "other"),
                        Body.of("<x>read</x>", java.nio.charset.StandardCharsets.UTF_8));
        assertThat(promoted.audited()).isEqualTo(Map.of("P", "set"));
    }
}
