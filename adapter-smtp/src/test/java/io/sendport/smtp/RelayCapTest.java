package io.sendport.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RelayCapTest {

    private final RelayCap cap = new RelayCap();

    private int taken(int most) throws InterruptedException {
        int taken = 0;
        while (cap.acquire(most, 0)) {
            taken++;
        }
        for (int i = 0; i < taken; i++) {
            cap.release();
        }
        return taken;
    }

    @Test
    void beginsLowAndGrowsWithSuccessUpToTheBound() throws Exception {
        assertThat(taken(8)).isEqualTo(2);
        for (int i = 0; i < 10; i++) {
            cap.succeeded(8);
        }
        assertThat(taken(8)).isBetween(4, 5);
        for (int i = 0; i < 100; i++) {
            cap.succeeded(8);
        }
        assertThat(taken(8)).isEqualTo(8);
    }

    @Test
    void halvesOnceForOneComplaintAndNeverStops() throws Exception {
        for (int i = 0; i < 200; i++) {
            cap.succeeded(8);
        }
        int before = cap.bearable();
        assertThat(before).as("no more than may be").isEqualTo(8);
        for (int i = 0; i < 50; i++) {
            cap.congested();
        }
        assertThat(cap.bearable()).isEqualTo(before / 2);
        assertThat(taken(1)).isEqualTo(1);
    }
}
