package io.sendport.api.mail;

/** What a relay must be able to carry to carry a mail unchanged. */
public enum Transparency {
    /** ASCII only; every relay can. */
    SEVEN_BIT,
    /** Bytes above 127 in the content: 8BITMIME (RFC 6152). */
    EIGHT_BIT,
    /** Addresses in UTF-8 in the header as well: SMTPUTF8 (RFC 6531). */
    UTF8_HEADER
}
