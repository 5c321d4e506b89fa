package io.sendport.console.pages;

import io.sendport.api.message.Body;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a sealed mail that a page shows.
 *
 * @param number the number of the mail, from 1
 * @param size the size in bytes
 * @param protection the S/MIME protection, as the recipient sees it
 * @param header the header fields, which are in plain text during transport
 * @param source the beginning of the mail
 * @param isWhole whether {@code source} is the whole mail
 */
public record ShownMail(int number, long size, String protection, String header, String source, boolean isWhole) {

    private static final Pattern TYPE =
            Pattern.compile("(?im)^Content-Type:([^\\r\\n]*+(?:\\r?\\n[ \\t][^\\r\\n]*+)*+)");

    static ShownMail of(int number, Body mail, int room) throws IOException {
        String source = ShownPart.beginning(mail, room);
        int end = source.indexOf("\r\n\r\n");
        String header = end < 0 ? source : source.substring(0, end);
        return new ShownMail(number, mail.size(), protection(header), header, source, mail.size() <= room);
    }

    private static String protection(String header) {
        Matcher found = TYPE.matcher(header);
        String type = found.find() ? found.group(1).strip().toLowerCase(Locale.ROOT) : "";
        if (type.startsWith("application/pkcs7-mime") || type.startsWith("application/x-pkcs7-mime")) {
            if (type.contains("enveloped-data")) {
                return "Encrypted: only its recipients can read the mail and check its signature. Its header fields are in plain text.";
            }
            return type.contains("signed-data")
                    ? "Signed (opaque): a mail program without S/MIME support cannot show the content."
                    : "Compressed or wrapped by S/MIME.";
        }
        return type.startsWith("multipart/signed")
                ? "Signed (clear): every mail program shows the content. A mail program with S/MIME support checks the signature."
                : "Not protected: neither signed nor encrypted.";
    }
}
