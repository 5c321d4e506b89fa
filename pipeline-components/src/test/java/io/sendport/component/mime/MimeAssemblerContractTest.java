package io.sendport.component.mime;

import io.sendport.api.component.AssembleScope;
import io.sendport.api.component.Assembler;
import io.sendport.api.message.Body;
import io.sendport.test.ComponentContract;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Set;

class MimeAssemblerContractTest extends ComponentContract<Assembler> {

    @Override
    protected Assembler component() {
        return new MimeAssembler(TransferEncoding.BASE64, ZoneOffset.UTC);
    }

    @Override
    protected Body body(int size) {
        return generated("<a>", "text ", "</a>", size);
    }

    @Override
    protected AssembleScope assembleScope() {
        return Scopes.scope(
                Scopes.element(Path.of("").toAbsolutePath(), "mail", Scopes.mailAttributes()), Set.of(), workspace());
    }
}
