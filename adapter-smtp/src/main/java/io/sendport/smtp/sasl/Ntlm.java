package io.sendport.smtp.sasl;

import io.sendport.api.settings.Identity;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/**
 * NTLM, version 2 and nothing older ([MS-NLMP] section 3.1.5.1): with a code over all three messages (MIC) where the server sends a
 * time-stamp, and bound to the TLS channel and to the server's name, so that whoever relays the log-on elsewhere gains nothing
 * (Exchange's Extended Protection).
 */
public final class Ntlm implements Mechanism {

    private static final int CHALLENGE_BYTES = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Identity account;
    private final String workstation;
    private final String service;
    private final Optional<byte[]> endPoint;
    private final Clock clock;
    private byte @Nullable [] negotiate;
    private boolean complete;

    /**
     * For {@code account}.
     *
     * @param workstation this machine's name
     * @param service the server's, as {@code SMTPSVC/mail.corp.example}
     * @param endPoint the channel binding of RFC 5929, {@code tls-server-end-point} and the hash of the server's certificate; empty on a
     *     clear channel
     * @param clock stands in for the server's time where it sends none
     */
    public Ntlm(Identity account, String workstation, String service, Optional<byte[]> endPoint, Clock clock) {
        this.account = account;
        this.workstation = workstation;
        this.service = service;
        this.endPoint = endPoint;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "NTLM";
    }

    @Override
    public byte[] initialResponse() {
        byte[] message = NtlmMessage.negotiate();
        negotiate = message;
        return message;
    }

    @Override
    public byte[] response(byte[] challenge) throws SaslException {
        byte[] first = negotiate;
        if (first == null || complete) {
            throw new SaslException("NTLM has one challenge, and the server sends another");
        }
        NtlmChallenge parsed = NtlmChallenge.of(challenge);
        boolean bound = parsed.targetInfo().timestamp().isPresent();
        TargetInfo info = parsed.targetInfo().answering(bound, service, endPoint);
        byte[] nonce = new byte[CHALLENGE_BYTES];
        RANDOM.nextBytes(nonce);
        NtlmProof proof = NtlmProof.of(
                account,
                parsed.nonce(),
                nonce,
                parsed.targetInfo().timestamp().orElseGet(() -> TargetInfo.fileTime(clock.instant())),
                info);
        byte[] authenticate = NtlmMessage.authenticate(
                parsed.flags(),
                bound ? new byte[NtlmProof.LM_BYTES] : proof.lmResponse(),
                proof.ntResponse(),
                account.domain(),
                account.user(),
                workstation);
        if (bound) {
            NtlmMessage.sign(authenticate, proof.code(first, challenge, authenticate));
        }
        complete = true;
        return authenticate;
    }

    @Override
    public boolean isComplete() {
        return complete;
    }

    static byte[] utf16(String text) {
        return text.getBytes(StandardCharsets.UTF_16LE);
    }
}
