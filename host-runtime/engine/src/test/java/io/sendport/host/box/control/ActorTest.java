package io.sendport.host.box.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ActorTest {

    @Test
    void namesThePersonBehindSudo() {
        assertThat(Actor.name("sendport", "anna")).isEqualTo("anna as sendport");
        assertThat(Actor.name("anna", null)).isEqualTo("anna");
        assertThat(Actor.name("anna", "anna")).isEqualTo("anna");
        assertThat(Actor.name("anna", "")).isEqualTo("anna");
    }

    @Test
    void showsNoControlCharacters() {
        assertThat(new Actor("anna\n@desk", "").name()).doesNotContain("\n");
    }
}
