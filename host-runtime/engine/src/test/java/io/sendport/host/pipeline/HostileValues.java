package io.sendport.host.pipeline;

import io.sendport.testing.Hostile;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Values of messages: harmless ones, pieces of them that mean something to a mail server or a file system, and anything at all. */
final class HostileValues {

    /** No domain list of the tests holds it. */
    static final String ATTACKER = "attacker.example";

    private static final List<String> HARMLESS = List.of(
            "joe",
            "4711",
            "Jörg",
            "customer",
            "x.partner",
            "joe@customer.example",
            "Joe <joe@x.partner.example>",
            "a.txt");
    private static final List<String> PIECES = List.of(
            "joe",
            "evil@attacker.example",
            "@attacker.example",
            "attacker.example",
            "customer.example",
            "@",
            "<",
            ">",
            ",",
            ";",
            ":",
            "\"",
            "\\",
            "(",
            ")",
            "[127.0.0.1]",
            "%",
            "!",
            ".",
            " ",
            "\t",
            "\r",
            "\n",
            "\r\n",
            "\r\n\r\n",
            "\0",
            "\u0085",
            "\u2028",
            "\u202E",
            "\u760D\u760A",
            "\uFF20",
            "\uFF0C",
            "\uFF0E",
            "\uD800",
            "ü",
            "Bcc: evil@attacker.example",
            "RCPT TO:<evil@attacker.example>",
            "\r\n.\r\nMAIL FROM:<evil@attacker.example>",
            "Content-Type: text/html",
            "; name=",
            "=?utf-8?Q?=0D=0ABcc:_evil@attacker.example?=",
            "?bcc=evil@attacker.example&",
            "%0D%0A",
            "%2C",
            "%H%",
            "%MessageID%",
            "{{env:PATH}}",
            "${env:PATH}",
            "message/rfc822",
            "multipart/mixed; boundary=",
            "x".repeat(300));

    private HostileValues() {}

    static Arbitrary<String> any() {
        return Arbitraries.oneOf(
                Arbitraries.of(HARMLESS),
                Arbitraries.of(Hostile.STRINGS),
                Arbitraries.of(PIECES).list().ofMinSize(1).ofMaxSize(6).map(pieces -> String.join("", pieces)),
                Arbitraries.strings().ofMinLength(1).ofMaxLength(40));
    }
}
