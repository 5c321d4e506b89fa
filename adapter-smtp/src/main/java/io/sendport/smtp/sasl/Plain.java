package io.sendport.smtp.sasl;

import io.sendport.api.settings.Identity;
import java.nio.charset.StandardCharsets;
import javax.security.sasl.SaslException;

/** User and password in one line (RFC 4616). */
public final class Plain implements Mechanism {

    private final Identity account;

    /** For {@code account}; its domain is not used. */
    public Plain(Identity account) {
        this.account = account;
    }

    @Override
    public String name() {
        return "PLAIN";
    }

    @Override
    public byte[] initialResponse() throws SaslException {
        String password = account.password().reveal();
        if (account.user().indexOf('\0') >= 0 || password.indexOf('\0') >= 0) {
            throw new SaslException(
                    "the user or the password contains a NUL character, which the method PLAIN does not allow;"
                            + " correct user or password in the configuration");
        }
        return ("\0" + account.user() + "\0" + password).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] response(byte[] challenge) throws SaslException {
        throw new SaslException("the server asks for more than PLAIN provides");
    }

    @Override
    public boolean isComplete() {
        return true;
    }
}
