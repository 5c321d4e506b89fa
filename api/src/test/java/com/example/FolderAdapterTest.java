package com.example;

import io.sendport.api.adapter.SendAdapter;
import io.sendport.test.AdapterContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** A stranger's adapter keeps the contract. */
class FolderAdapterTest extends AdapterContract {

    @TempDir
    private Path folder;

    @Override
    protected SendAdapter adapter() {
        return new FolderAdapter(folder);
    }

    @Override
    protected SendAdapter adapterToNobody() {
        return new FolderAdapter(folder.resolve("missing"));
    }

    @Override
    protected int received() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return (int) files.filter(each -> each.toString().endsWith(".eml")).count();
        }
    }
}
