package io.sendport.host.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ManySubmissionsTest {

    private final List<SubmissionResult> answers = new ArrayList<>();
    private final AtomicInteger begun = new AtomicInteger();

    private static List<Submission> numbered(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> new Submission(
                        "P" + number,
                        Context.empty(),
                        List.of(Part.body("", Body.wrapping(new byte[100]))),
                        Optional.empty(),
                        "test"))
                .toList();
    }

    private static List<Receipt> taken(Submission submission) {
        return List.of(new Receipt(MessageId.random(), submission.port(), false));
    }

    @Test
    void runAtLeastOneHundredAtATime() throws Exception {
        CountDownLatch together = new CountDownLatch(100);
        new ManySubmissions(
                        submission -> {
                            if (!submission.port().equals("P0")) {
                                together.countDown();
                                await(together);
                            }
                            return taken(submission);
                        },
                        false)
                .submit(numbered(101), answers::add);
        assertThat(answers).hasSize(101).allMatch(SubmissionResult.Stored.class::isInstance);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void areAnsweredInOrderWhicheverEndsFirst() throws Exception {
        CountDownLatch last = new CountDownLatch(1);
        new ManySubmissions(
                        submission -> {
                            if (submission.port().equals("P9")) {
                                last.countDown();
                            } else if (!submission.port().equals("P0")) {
                                await(last);
                            }
                            return taken(submission);
                        },
                        false)
                .submit(numbered(10), answers::add);
        assertThat(answers)
                .extracting(SubmissionResult::place)
                .containsExactlyElementsOf(IntStream.range(0, 10).boxed().toList());
    }

    @Test
    void stopAfterTheFirstRefusalAndReportThoseInProgress() throws Exception {
        new ManySubmissions(
                        submission -> {
                            begun.incrementAndGet();
                            if (submission.port().equals("P5")) {
                                throw new SubmissionRefusedException("too large");
                            }
                            return taken(submission);
                        },
                        false)
                .submit(numbered(10_000), answers::add);
        assertThat(answers.get(5)).isInstanceOf(SubmissionResult.NotStored.class);
        assertThat(answers.stream().filter(SubmissionResult.NotStored.class::isInstance))
                .hasSize(1);
        assertThat(answers).hasSize(begun.get()).hasSizeLessThan(200);
    }

    @Test
    void startNoOthersWhenTheFirstIsRefused() throws Exception {
        new ManySubmissions(
                        submission -> {
                            begun.incrementAndGet();
                            throw new SubmissionRefusedException("no such port");
                        },
                        false)
                .submit(numbered(10), answers::add);
        assertThat(begun).hasValue(1);
        assertThat(answers).hasSize(1);
    }

    @Test
    void runOneAtATimeWhenTheOrderMatters() throws Exception {
        AtomicInteger now = new AtomicInteger();
        List<String> order = java.util.Collections.synchronizedList(new ArrayList<>());
        new ManySubmissions(
                        submission -> {
                            assertThat(now.incrementAndGet()).isOne();
                            order.add(submission.port());
                            now.decrementAndGet();
                            return taken(submission);
                        },
                        true)
                .submit(numbered(50), answers::add);
        assertThat(order)
                .isEqualTo(IntStream.range(0, 50).mapToObj(each -> "P" + each).toList());
    }
}
