package io.sendport.smtp.sasl;

import io.sendport.api.settings.Identity;
import java.nio.charset.StandardCharsets;
import javax.security.sasl.SaslException;

/** User, then password, whatever prompts the server uses (draft-murchison-sasl-login). */
public final class Login implements Mechanism {

    private final Identity account;
    private boolean complete;

    /** For {@code account}; its domain is not used. */
    public Login(Identity account) {
        this.account = account;
    }

    @Override
    public String name() {
        return "LOGIN";
    }

    /** A server that ignores an initial response would ask for the user and receive the password. */
    @Override
    public boolean speaksFirst() {
        return false;
    }

    @Override
    public byte[] initialResponse() {
        return account.user().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] response(byte[] challenge) throws SaslException {
        if (complete) {
            throw new SaslException("the server asks for more than user and password");
        }
        complete = true;
        return account.password().reveal().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean isComplete() {
        return complete;
    }
}
