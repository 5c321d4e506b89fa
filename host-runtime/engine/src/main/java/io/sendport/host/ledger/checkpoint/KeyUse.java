package io.sendport.host.ledger.checkpoint;

import java.util.Optional;

/**
 * A key that signed statements, or is to have done so.
 *
 * @param fingerprint SHA-256 of the public key in DER, hex
 * @param standing whether its word counts, and why
 * @param statements how many it signed
 * @param since time of the first of them, as that says; empty when there is none
 * @param until time of the last
 */
public record KeyUse(
        String fingerprint, Standing standing, long statements, Optional<String> since, Optional<String> until) {

    /** Whether a key's word counts. */
    public enum Standing {
        /** The auditor gave its fingerprint. */
        GIVEN("trusted"),
        /** A key that counts signed that this one takes over. */
        SUCCESSOR("trusted, since a trusted key named it as its successor"),
        /** It signed the first statement about a lane, and no fingerprint was given. */
        FIRST_USE("trusted on first use"),
        /** None of these: what it signed counts for nothing. */
        UNTRUSTED("not trusted: what it signed counts for nothing");

        private final String words;

        Standing(String words) {
            this.words = words;
        }

        /** For people. */
        public String words() {
            return words;
        }
    }
}
