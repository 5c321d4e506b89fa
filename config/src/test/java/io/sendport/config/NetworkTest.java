package io.sendport.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 10.1.255.255, true",
        "10.1.0.0/16, 10.2.0.0, false",
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.4, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "::1, 127.0.0.1, false"
    })
    void containsAddressesWithItsPrefix(String network, String address, boolean expected) throws Exception {
        assertThat(Network.parse(network).contains(InetAddress.getByName(address)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mail.corp.example",
                "10.1.0.0/33",
                "10.1.0.0/-1",
                "2001:db8::/129",
                "10.1.0.0/",
                "300.1.1.1",
                "a:b"
            })
    void rejectsInvalidNetworks(String text) {
        assertThatThrownBy(() -> Network.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a network such as 10.1.0.0/16");
    }

    @Property
    void containsItsOwnAddressButNotOneWithAnotherFirstBit(
            @ForAll @Size(4) byte[] bytes, @ForAll @IntRange(min = 1, max = 32) int bits) throws Exception {
        InetAddress address = InetAddress.getByAddress(bytes);
        Network network = Network.parse(address.getHostAddress() + "/" + bits);
        assertThat(network.contains(address)).isTrue();
        byte[] other = bytes.clone();
        other[0] ^= (byte) 0x80;
        assertThat(network.contains(InetAddress.getByAddress(other))).isFalse();
    }
}
