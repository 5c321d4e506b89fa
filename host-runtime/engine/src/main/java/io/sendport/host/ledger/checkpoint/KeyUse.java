package io.sendport.host.ledger.checkpoint;

import java.util.Optional;

/**
 * A key that signed statements, or that an auditor named.
 *
 * @param fingerprint SHA-256 of the public key in DER, hex
 * @param standing whether the key is trusted, and why
 * @param statements the number of statements that it signed
 * @param since the stated time of the first of them; empty when there is none
 * @param until the stated time of the last of them; empty when there is none
 */
public record KeyUse(
        String fingerprint, Standing standing, long statements, Optional<String> since, Optional<String> until) {

    /** Whether a key is trusted. */
    public enum Standing {
        /** The auditor gave its fingerprint. */
        GIVEN("trusted"),
        /** A trusted key signed that this key replaces it. */
        SUCCESSOR("trusted, because a trusted key named it as its successor"),
        /** The key signed the first statement about a lane, and the auditor gave no fingerprint. */
        FIRST_USE("trusted on first use"),
        /** None of the above. The key's signatures do not count. */
        UNTRUSTED("not trusted: its signatures do not count");

        private final String words;

        Standing(String words) {
            this.words = words;
        }

        /** Returns a description for operators. */
        public String words() {
            return words;
        }
    }
}
