package io.sendport.api.mail;

/** What a relay must support so that the mail arrives unchanged. */
public enum Transparency {
    /** The mail is ASCII only; every relay supports it. */
    SEVEN_BIT,
    /** The content has bytes above 127; needs 8BITMIME (RFC 6152). */
    EIGHT_BIT,
    /** Addresses in envelope or header are in UTF-8; needs SMTPUTF8 (RFC 6531). */
    UTF8_HEADER
}
