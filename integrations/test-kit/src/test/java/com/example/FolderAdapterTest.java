package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.test.AdapterContract;
import io.sendport.test.SendportExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class FolderAdapterTest {

    @TempDir
    private Path folder;

    @RegisterExtension
    private final SendportExtension sendport =
            SendportExtension.port("Letters", port -> port.from("billing@corp.example")
                    .to("accounts@customer.example")
                    .adapter(new FolderAdapter(folder)));

    @Test
    void fulfillsTheContract() {
        AdapterContract.of(
                        () -> new FolderAdapter(folder),
                        () -> new FolderAdapter(folder.resolve("missing")),
                        () -> mails().size())
                .verify();
    }

    @Test
    void isTheTransportOfAPort() throws Exception {
        sendport.submit("Dear customer").awaitDone();
        assertThat(mails()).hasSize(1);
    }

    private List<Path> mails() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(each -> each.toString().endsWith(".eml")).toList();
        }
    }
}
