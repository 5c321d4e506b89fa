package io.sendport.testing;

import java.util.List;

/** Values that have broken other senders of mail. Each tries to make a header field, a recipient or a command of its own. */
public final class Hostile {

    /** What they try to make holds this. */
    public static final String MARK = "injected";

    /** Forty of them. */
    public static final List<String> STRINGS = List.of(
            "x\r\nX-Injected: yes",
            "x\nX-Injected: yes",
            "x\rX-Injected: yes",
            "x\r\n\r\nX-Injected: body",
            "x\n\nX-Injected: body",
            "x\r\n X-Injected: folded",
            "x\r\n\tX-Injected: folded",
            "x\0X-Injected: yes",
            "x\u0085X-Injected: yes",
            "x\u2028X-Injected: yes",
            "x\u2029X-Injected: yes",
            "x\u000BX-Injected: yes",
            "x\fX-Injected: yes",
            "x\u001B[2JX-Injected: yes",
            "x\u760D\u760AX-Injected: yes",
            "x\u010D\u010AX-Injected: yes",
            "x\uFF0D\uFF0AX-Injected: yes",
            "=?UTF-8?Q?x=0D=0AX-Injected:_yes?=",
            "=?UTF-8?B?eA0KWC1JbmplY3RlZDogeWVz?=",
            "=?ISO-8859-1?Q?=0AX-Injected:_yes?= <a@corp.example>",
            "\uD800x",
            "x\uDC00",
            "\uFEFFx",
            "x".repeat(2_000),
            "x ".repeat(1_000),
            "a@corp.example>\r\nRCPT TO:<injected@evil.example",
            "a@corp.example> SIZE=1 <injected@evil.example",
            "a@corp.example, injected@evil.example\r\n",
            "\"a\r\nRCPT TO:<injected@evil.example>\"@corp.example",
            "\"injected@evil.example x\"@corp.example",
            "\"injected@evil.example\" <x@",
            "<injected@evil.example>:x@corp.example",
            "@evil.example:injected@corp.example",
            "injected%evil.example@corp.example@",
            "a(\r\ninjected@evil.example)@corp.example",
            "a@[127.0.0.1]\r\nDATA",
            "a@corp.example\r\n.\r\nMAIL FROM:<injected@evil.example>",
            "name\"; X-Injected=\"yes",
            "x\"\r\nContent-Type: text/html; X-Injected=1",
            "../../../etc/passwd\r\nX-Injected: yes");

    private Hostile() {}
}
