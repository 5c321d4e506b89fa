package io.sendport.smtp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.PeerFault;
import java.io.IOException;
import java.net.SocketException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** Which fault of the server an operator sees. */
class SmtpExceptionTest {

    private static PeerFault.Kind kind(Phase phase, Reply reply, Exception cause) {
        return new SmtpException(phase, reply, cause).fault().orElseThrow().kind();
    }

    @Test
    void reportsARefusedAccountOnlyForAPermanentReply() {
        assertThat(kind(Phase.AUTH, reply(535), null)).isEqualTo(PeerFault.Kind.LOG_ON);
        assertThat(kind(Phase.AUTH, reply(454), null)).isEqualTo(PeerFault.Kind.REFUSES);
        assertThat(kind(Phase.AUTH, reply(421), null)).isEqualTo(PeerFault.Kind.REFUSES);
        assertThat(kind(Phase.AUTH, none(), new SocketException("Connection reset")))
                .isEqualTo(PeerFault.Kind.SILENT);
    }

    @Test
    void reportsAMissingTokenWhenTheTokenServerIsUnavailable() {
        assertThat(kind(Phase.AUTH, none(), new NoTokenException("no answer", new SocketException("Connection reset"))))
                .isEqualTo(PeerFault.Kind.NO_TOKEN);
        assertThat(kind(Phase.AUTH, none(), new IOException("invalid_client"))).isEqualTo(PeerFault.Kind.LOG_ON);
    }

    @Test
    void reportsNoTlsOnlyForUnsupportedOrIncompatibleTls() {
        assertThat(kind(Phase.STARTTLS, reply(502), null)).isEqualTo(PeerFault.Kind.NO_TLS);
        assertThat(kind(Phase.STARTTLS, none(), new SSLHandshakeException("no cipher suites in common")))
                .isEqualTo(PeerFault.Kind.NO_TLS);
        assertThat(kind(Phase.STARTTLS, reply(454), null)).isEqualTo(PeerFault.Kind.REFUSES);
        assertThat(kind(Phase.STARTTLS, none(), new SocketException("Connection reset")))
                .isEqualTo(PeerFault.Kind.SILENT);
    }

    private static Reply reply(int code) {
        return Reply.of(code, "not now");
    }

    private static Reply none() {
        return Reply.none("the connection broke");
    }
}
