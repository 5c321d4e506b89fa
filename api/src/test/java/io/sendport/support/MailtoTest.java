package io.sendport.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.mail.MailAddress;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailtoTest {

    @Test
    void readsAddressesAndFields() {
        Mailto mailto = Mailto.parse(
                "MAILTO:a@x.example,b@y.example?cc=c@z.example&Subject=Caf%C3%A9%20%26%20more&to=d@x.example");
        assertThat(mailto.to()).isEqualTo("a@x.example,b@y.example, d@x.example");
        assertThat(mailto.fields()).isEqualTo(Map.of("cc", "c@z.example", "subject", "Café & more"));
        assertThat(Mailto.parse("a@x.example").to()).isEqualTo("a@x.example");
        assertThat(Mailto.parse("mailto:a%2Bb@x.example").to()).isEqualTo("a+b@x.example");
        assertThat(Mailto.parse("mailto:a+b@x.example").to())
                .as("a plus is a plus")
                .isEqualTo("a+b@x.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mailto:a@x.example?attach=/etc/passwd",
                "mailto:a@x.example?subject",
                "mailto:a%4",
                "mailto:a%zz@x",
                "mailto:%FF@x.example",
                "mailto:a@x?cc=b@x&cc=c@x",
                "mailto:a@x?X-Injected=1"
            })
    void rejectsUnsupportedUris(String uri) {
        assertThatThrownBy(() -> Mailto.parse(uri)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 2_000)
    void throwsOnlyIllegalArgumentExceptions(@ForAll String uri) {
        try {
            assertThat(Mailto.parse("mailto:" + uri).to()).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).doesNotContain("\r", "\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a@customer.example,true",
        "a@CUSTOMER.example,true",
        "a@sub.partner.example,true",
        "a@deep.sub.partner.example,true",
        "a@partner.example,false",
        "a@evilpartner.example,false",
        "a@customer.example.evil.example,false",
        "a@xcustomer.example,false",
        "a@bücher.example,true",
        "a@xn--bcher-kva.example,true",
        "'\"a@customer.example\"@evil.example',false",
        "a@[127.0.0.1],false"
    })
    void allowsOnlyTheListedDomains(String address, boolean allowed) {
        Domains domains = Domains.parse("customer.example, *.partner.example; bücher.example");
        assertThat(domains.allow(MailAddress.parse(address))).isEqualTo(allowed);
    }

    @Property(tries = 2_000)
    void neverAllowsAnAddressBecauseOfItsLocalPart(@ForAll String local) {
        Domains domains = Domains.parse("customer.example *.partner.example");
        try {
            assertThat(domains.allow(new MailAddress(local, "evil.example"))).isFalse();
        } catch (IllegalArgumentException e) {
            // No address at all.
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @Test
    void rejectsInvalidDomainLists() {
        for (String text : new String[] {"", "a b@c", "*x.example", "-a.example"}) {
            assertThatThrownBy(() -> Domains.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Domains.parse("*").allow(MailAddress.parse("a@anywhere.example")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil%attacker.example@customer.example",
                "attacker.example!evil@customer.example",
                "\"evil@attacker.example\"@customer.example"
            })
    void allowsNoRouteToAnotherDomainUnlessAllDomainsAreAllowed(String address) {
        assertThat(Domains.parse("customer.example *.partner.example").refusal(MailAddress.parse(address)))
                .hasValueSatisfying(why -> assertThat(why).contains("a route to another domain"));
        assertThat(Domains.parse("*").allow(MailAddress.parse(address))).isTrue();
    }
}
