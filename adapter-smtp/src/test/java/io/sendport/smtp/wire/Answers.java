package io.sendport.smtp.wire;

import io.sendport.api.adapter.Facts;
import io.sendport.api.adapter.RecipientResult;

/** Reads SMTP's terms back from what the adapter tells the engine. */
public final class Answers {

    private Answers() {}

    public static Answer of(RecipientResult result) {
        String text = result.text();
        boolean fromServer = text.matches("[1-5]\\d\\d( .*)?");
        return new Answer(
                result.address(),
                result.outcome(),
                Phase.valueOf(result.facts().get(Facts.PHASE)),
                fromServer
                        ? Reply.of(Integer.parseInt(text.substring(0, 3)), text.substring(Math.min(4, text.length())))
                        : Reply.none(text));
    }
}
