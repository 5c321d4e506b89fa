package io.sendport.component.smime.trust;

import io.sendport.component.smime.keys.Certificates;
import io.sendport.component.smime.keys.NotNowException;
import io.sendport.component.smime.keys.SmimeException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks whether a certificate was revoked: by OCSP when it names a responder, else by its revocation lists. {@code soft} accepts a
 * certificate of unknown status and records that on the ledger; {@code hard} does not. Thread-safe.
 */
public final class Revocation {

    /** The strictness of the check. */
    public enum Mode {
        /** No check. */
        OFF,
        /** A revoked certificate is refused; an unknown status is recorded. */
        SOFT,
        /** Only a certificate known to be good is used. */
        HARD;

        public static Optional<Mode> of(String word) {
            return List.of(values()).stream()
                    .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(word))
                    .findFirst();
        }
    }

    private final Mode mode;
    private final RevocationLists lists;
    private final OcspClient ocsp;

    public Revocation(Mode mode, RevocationLists lists, OcspClient ocsp) {
        this.mode = mode;
        this.lists = lists;
        this.ocsp = ocsp;
    }

    /**
     * Checks every certificate of a path except the authority.
     *
     * @param chain the certificate, its issuers, the authority last
     * @return a remark for the ledger when a status is unknown; else empty
     * @throws SmimeException when one was revoked, or, in {@code hard}, when a status is unknown
     */
    String check(List<X509Certificate> chain, Instant now) throws SmimeException {
        if (mode == Mode.OFF) {
            return "";
        }
        List<String> unknown = new ArrayList<>();
        for (int i = 0; i + 1 < chain.size(); i++) {
            Answer answer = ask(chain.get(i), chain.get(i + 1), now);
            String what = "certificate " + Certificates.describe(chain.get(i));
            if (answer.status() == Status.REVOKED) {
                throw new SmimeException(what + " was revoked (" + answer.by() + "); get a new one from its owner");
            }
            if (answer.status() == Status.UNKNOWN) {
                if (mode == Mode.HARD) {
                    throw new NotNowException("cannot determine whether " + what + " was revoked: " + answer.by()
                            + ". Nothing was sent. Make the responder or list reachable, or ask the certificate's issuer, then"
                            + " resume the message. revocation=\"soft\" on <smime> would send without this check, possibly to a"
                            + " revoked certificate");
                }
                unknown.add(answer.by());
            }
        }
        return unknown.isEmpty() ? "" : "revocation unknown: " + String.join("; ", unknown);
    }

    private Answer ask(X509Certificate certificate, X509Certificate issuer, Instant now) {
        List<String> silent = new ArrayList<>();
        for (URI responder : Extensions.ocspResponders(certificate)) {
            Answer answer = ocsp.ask(responder, certificate, issuer, now);
            if (answer.status() != Status.UNKNOWN) {
                return answer;
            }
            silent.add(answer.by());
        }
        for (URI list : Extensions.revocationLists(certificate)) {
            Answer answer = lists.ask(list, certificate, issuer, now);
            if (answer.status() != Status.UNKNOWN) {
                return answer;
            }
            silent.add(answer.by());
        }
        return new Answer(
                Status.UNKNOWN,
                silent.isEmpty() ? "it names neither a responder nor a list" : String.join("; ", silent));
    }

    /** The status of a certificate. */
    enum Status {
        /** Not revoked. */
        GOOD,
        /** Revoked. */
        REVOKED,
        /** Unknown. */
        UNKNOWN
    }

    /**
     * The answer of a responder or list.
     *
     * @param by the source of the answer, or the reason why there is none
     */
    record Answer(Status status, String by) {}
}
