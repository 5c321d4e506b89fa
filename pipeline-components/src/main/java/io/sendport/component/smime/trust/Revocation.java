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
 * Whether a certificate was revoked: by OCSP where it names a responder, else by the lists it points to. {@code soft} takes silence for a yes
 * and says so on the ledger, {@code hard} does not. Thread-safe.
 */
public final class Revocation {

    /** How strictly it is asked. */
    public enum Mode {
        /** Not at all. */
        OFF,
        /** Revoked is refused; not to be found out is recorded. */
        SOFT,
        /** Only what is known to be good is used. */
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
     * Asks for every certificate of a path but its authority.
     *
     * @param chain the certificate, its issuers, the authority last
     * @return a remark for the ledger where something could not be found out; else empty
     * @throws SmimeException when one was revoked, or, in {@code hard}, when nobody can say
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
                    throw new NotNowException("nobody can say whether " + what + " was revoked: " + answer.by()
                            + "; make the server reachable, or set revocation=\"soft\"");
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

    /** What is known of a certificate. */
    enum Status {
        /** Not revoked. */
        GOOD,
        /** Revoked. */
        REVOKED,
        /** Nobody can say. */
        UNKNOWN
    }

    /**
     * An answer.
     *
     * @param by who gave it, or why nobody did
     */
    record Answer(Status status, String by) {}
}
