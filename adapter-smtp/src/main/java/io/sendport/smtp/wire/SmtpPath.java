package io.sendport.smtp.wire;

import io.sendport.api.mail.MailAddress;

/** An address as MAIL and RCPT name it (RFC 5321 section 4.1.2), without the angle brackets. */
public final class SmtpPath {

    private SmtpPath() {}

    /** The domain in ASCII (RFC 5891); an address whose local part is not ASCII goes out as it is (RFC 6531). */
    public static String of(MailAddress address) {
        return address.needsSmtpUtf8()
                ? address.toString()
                : address.withAsciiDomain().toString();
    }
}
