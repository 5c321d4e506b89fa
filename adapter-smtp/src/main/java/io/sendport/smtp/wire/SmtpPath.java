package io.sendport.smtp.wire;

import io.sendport.api.mail.MailAddress;

/** An address in the form for MAIL and RCPT (RFC 5321 section 4.1.2), without the angle brackets. */
public final class SmtpPath {

    private SmtpPath() {}

    /** The address with its domain in ASCII (RFC 5891). An address with a non-ASCII local part is sent unchanged (RFC 6531). */
    public static String of(MailAddress address) {
        return address.needsSmtpUtf8()
                ? address.toString()
                : address.withAsciiDomain().toString();
    }
}
