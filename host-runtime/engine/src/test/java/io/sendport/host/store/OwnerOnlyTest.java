package io.sendport.host.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.host.TestBox;
import io.sendport.testing.SettableClock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and folders that only the service user may read. */
class OwnerOnlyTest {

    @TempDir
    private Path folder;

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void createsANewFileAndRejectsAnExistingOne() throws IOException {
        try (OutputStream out = OwnerOnly.newFile(folder.resolve("new"))) {
            out.write('x');
        }
        assertThat(mode(folder.resolve("new"))).isEqualTo("rw-------");
        assertThatThrownBy(() -> OwnerOnly.newFile(folder.resolve("new")))
                .isInstanceOf(FileAlreadyExistsException.class);
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("target"));
        assertThatThrownBy(() -> OwnerOnly.newFile(folder.resolve("link")))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(folder.resolve("target")).doesNotExist();
    }

    @Test
    void createsAFolderAndItsParentFolders() throws IOException {
        OwnerOnly.createFolder(folder.resolve("a/b/c"));
        assertThat(mode(folder.resolve("a"))).isEqualTo("rwx------");
        assertThat(mode(folder.resolve("a/b"))).isEqualTo("rwx------");
        assertThat(mode(folder.resolve("a/b/c"))).isEqualTo("rwx------");
    }

    /** A backup may have come back from a medium that knows no modes. */
    @Test
    void restoresAWorldReadableBackupToAnOwnerOnlyFile() throws IOException {
        TestBox.open(folder, new SettableClock(Instant.parse("2026-11-21T10:00:00Z")))
                .close();
        Path backup = folder.resolve("sendport.db");
        Files.setPosixFilePermissions(backup, PosixFilePermissions.fromString("rw-r--r--"));
        Path ready = Restore.beside(backup, folder.resolve("other/sendport.db"));
        assertThat(mode(ready)).isEqualTo("rw-------");
        assertThat(ready).hasSameBinaryContentAs(backup);
    }

    @Test
    void reportsAFolderThatOthersMayAccess() throws IOException {
        Path var = Files.createDirectory(folder.resolve("var"));
        for (String wide : new String[] {"rwxr-x---", "rwx--x--x", "rwxrwxrwx", "rwx------"}) {
            Files.setPosixFilePermissions(var, PosixFilePermissions.fromString(wide));
            if (wide.equals("rwx------")) {
                assertThat(OwnerOnly.wideMode(var)).isEmpty();
            } else {
                assertThat(OwnerOnly.wideMode(var).orElseThrow()).contains(wide, "chmod 700 " + var);
            }
        }
        assertThat(OwnerOnly.wideMode(folder.resolve("none"))).isEmpty();
    }

    @Test
    void makesTheFolderOfANewStoreOwnerOnly() throws IOException {
        Path var = folder.resolve("var");
        TestBox.open(var, new SettableClock(Instant.parse("2026-11-21T10:00:00Z")))
                .close();
        assertThat(mode(var)).isEqualTo("rwx------");
    }
}
