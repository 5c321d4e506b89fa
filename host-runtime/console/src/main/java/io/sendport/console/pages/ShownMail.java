package io.sendport.console.pages;

import io.sendport.api.message.Body;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sealed mail as far as a page shows it.
 *
 * @param number from 1
 * @param size in bytes
 * @param protection what S/MIME does for it, as its recipient finds out
 * @param header its header fields, which travel in plain text
 * @param source its beginning
 * @param isWhole whether that is all of it
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
                return "Encrypted: whoever has a private key of a recipient can read it, and sees whether it is signed. Its header fields are in plain text.";
            }
            return type.contains("signed-data")
                    ? "Signed, in one piece with the signature: a mail program without S/MIME shows nothing of it."
                    : "Compressed or otherwise packed by S/MIME.";
        }
        return type.startsWith("multipart/signed")
                ? "Signed, in clear text: every mail program shows it, and one with S/MIME checks the signature."
                : "Not protected: neither signed nor encrypted.";
    }
}
