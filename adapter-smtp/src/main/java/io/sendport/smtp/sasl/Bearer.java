package io.sendport.smtp.sasl;

import io.sendport.api.settings.Secret;
import java.nio.charset.StandardCharsets;

/** An OAuth 2 access token in the form that Google and Microsoft accept. */
public final class Bearer implements Mechanism {

    private final String user;
    private final Secret token;

    /** Takes the mailbox {@code user} and a token for it. */
    public Bearer(String user, Secret token) {
        this.user = user;
        this.token = token;
    }

    @Override
    public String name() {
        return "XOAUTH2";
    }

    @Override
    public byte[] initialResponse() {
        return ("user=" + user + "\001auth=Bearer " + token.reveal() + "\001\001").getBytes(StandardCharsets.UTF_8);
    }

    /** A refusal comes as a challenge with the reason. The reply to the empty response states it as an SMTP reply. */
    @Override
    public byte[] response(byte[] challenge) {
        return new byte[0];
    }

    @Override
    public boolean isComplete() {
        return true;
    }
}
