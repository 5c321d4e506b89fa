package io.sendport.component.smime.keys;

import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.SignatureException;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.RuntimeOperatorException;

/**
 * RSASSA-PSS (RFC 4056) with any provider's own name for it. Bouncy Castle's builder knows only the name of its own provider. Used once.
 */
final class PssSigner implements ContentSigner {

    private final AlgorithmIdentifier algorithm;
    private final Signature signature;

    PssSigner(PrivateKey key, Digest digest, Provider provider) throws OperatorCreationException {
        algorithm = new DefaultSignatureAlgorithmIdentifierFinder().find(digest.with("RSA") + "andMGF1");
        try {
            signature = Signature.getInstance("RSASSA-PSS", provider);
            signature.setParameter(digest.pss());
            signature.initSign(key);
        } catch (GeneralSecurityException e) {
            throw new OperatorCreationException("RSASSA-PSS: " + e.getMessage(), e);
        }
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
        return algorithm;
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                try {
                    signature.update(bytes, offset, length);
                } catch (SignatureException e) {
                    throw new IOException("RSASSA-PSS: " + e.getMessage(), e);
                }
            }
        };
    }

    @Override
    public byte[] getSignature() {
        try {
            return signature.sign();
        } catch (SignatureException e) {
            throw new RuntimeOperatorException("RSASSA-PSS: " + e.getMessage(), e);
        }
    }
}
