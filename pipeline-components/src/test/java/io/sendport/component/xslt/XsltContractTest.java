package io.sendport.component.xslt;

import io.sendport.api.component.MessageComponent;
import io.sendport.api.message.Body;
import io.sendport.component.mime.Scopes;
import io.sendport.test.ComponentContract;
import io.sendport.test.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

class XsltContractTest extends ComponentContract<MessageComponent> {

    @TempDir
    private Path folder;

    @Override
    protected MessageComponent component() throws Exception {
        Files.writeString(
                folder.resolve("copy.xsl"),
                "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:template match='/'>"
                        + "<xsl:copy-of select='.'/></xsl:template></xsl:stylesheet>");
        return (MessageComponent) new XsltFactory()
                .create(Scopes.element(folder, "xslt", Map.of("stylesheet", "copy.xsl")), new TestHost(folder));
    }

    @Override
    protected Body body(int size) {
        return generated("<a>", "<b>text</b>", "</a>", size);
    }

    @Override
    protected boolean takesEmptyBodies() {
        return false;
    }

    /** XSLT works on the whole tree, which takes several times the room of its text. */
    @Override
    protected int largest() {
        return 1024 * 1024;
    }

    @Override
    protected long heapForLargest() {
        return 32L * 1024 * 1024;
    }
}
