package io.sendport.api.mail;

/** What a relay must be able to carry so that the mail arrives unchanged. */
public enum Transparency {
    /** ASCII only; every relay can carry it. */
    SEVEN_BIT,
    /** Bytes above 127 in the content: 8BITMIME (RFC 6152). */
    EIGHT_BIT,
    /** Addresses in UTF-8, also in the header: SMTPUTF8 (RFC 6531). */
    UTF8_HEADER
}
