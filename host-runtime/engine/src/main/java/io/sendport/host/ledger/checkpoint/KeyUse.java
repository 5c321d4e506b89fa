package io.sendport.host.ledger.checkpoint;

import java.util.Optional;

/**
 * A key that signed statements, or that an auditor named.
 *
 * @param fingerprint SHA-256 of the public key in DER, hex
 * @param standing whether it is trusted, and why
 * @param statements how many it signed
 * @param since stated time of the first of them; empty when there is none
 * @param until stated time of the last
 */
public record KeyUse(
        String fingerprint, Standing standing, long statements, Optional<String> since, Optional<String> until) {

    /** Whether a key is trusted. */
    public enum Standing {
        /** The auditor gave its fingerprint. */
        GIVEN("trusted"),
        /** A trusted key signed that this one replaces it. */
        SUCCESSOR("trusted, because a trusted key named it as its successor"),
        /** It signed the first statement about a lane, and no fingerprint was given. */
        FIRST_USE("trusted on first use"),
        /** None of these: its signatures do not count. */
        UNTRUSTED("not trusted: its signatures do not count");

        private final String words;

        Standing(String words) {
            this.words = words;
        }

        /** For operators. */
        public String words() {
            return words;
        }
    }
}
