package io.sendport.smtp.sasl;

import io.sendport.api.settings.Identity;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/**
 * NTLM, version 2 only ([MS-NLMP] section 3.1.5.1). It uses a message integrity code over all three messages (MIC) when the server sends a
 * time stamp. It is bound to the TLS channel and to the server's name, so that an attacker who relays the log-on to another server gains
 * nothing (Exchange's Extended Protection).
 */
public final class Ntlm implements Mechanism {

    private static final int CHALLENGE_BYTES = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Identity account;
    private final Server server;
    private final boolean allowBare;
    private final Clock clock;
    private byte @Nullable [] negotiate;
    private boolean complete;

    /**
     * The expected server.
     *
     * @param service its name, as {@code SMTPSVC/mail.corp.example}
     * @param workstation the name of this machine
     * @param endPoint the channel binding of RFC 5929, {@code tls-server-end-point} and the hash of the server's certificate; empty without
     *     TLS
     */
    public record Server(String service, String workstation, Optional<byte[]> endPoint) {}

    /**
     * Logs {@code account} on to {@code server}.
     *
     * @param allowBare whether to answer a server that sends no target information, in version 2; most such servers support only version 1
     * @param clock replaces the server's time when the server sends none
     */
    public Ntlm(Identity account, Server server, boolean allowBare, Clock clock) {
        this.account = account;
        this.server = server;
        this.allowBare = allowBare;
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
            throw new SaslException(
                    "the server sent a second NTLM challenge instead of accepting or refusing the log-on. Ask its administrator whether"
                            + " NTLM works there and whether a proxy is in front of it, or set auth to another method that it offers");
        }
        NtlmChallenge parsed = NtlmChallenge.of(challenge, allowBare);
        boolean bound = parsed.targetInfo().timestamp().isPresent();
        TargetInfo info = parsed.targetInfo().answering(bound, server.service(), server.endPoint());
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
                server.workstation());
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
