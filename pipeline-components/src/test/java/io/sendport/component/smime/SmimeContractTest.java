package io.sendport.component.smime;

import io.sendport.api.component.EncodeScope;
import io.sendport.api.component.Encoder;
import io.sendport.api.message.Body;
import io.sendport.test.ComponentContract;
import java.nio.file.Path;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class SmimeContractTest extends ComponentContract<Encoder> {

    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeKeys() throws Exception {
        Pki.Id root = Pki.root("CN=Corp CA");
        Pki.person(root, "billing@corp.example", "RSA", Pki.usage(KeyUsage.digitalSignature))
                .pkcs12(folder.resolve("billing.p12"));
    }

    @Override
    protected Encoder component() throws Exception {
        return new Office(folder)
                .encoder("signature", "opaque", "signingKey", "billing.p12", "signingKeyPassword", "secret");
    }

    @Override
    protected EncodeScope encodeScope() {
        return new Office(folder).writingTo(workspace()).scope("accounts@customer.example");
    }

    @Override
    protected Body body(int size) {
        return generated(
                "<a>", "text text text text text text text text text text text text tex\r\n", "</a>\r\n", size);
    }

    /** A signature names its time. */
    @Override
    protected boolean isDeterministic() {
        return false;
    }
}
