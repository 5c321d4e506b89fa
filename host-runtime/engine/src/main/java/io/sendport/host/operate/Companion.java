package io.sendport.host.operate;

import io.sendport.config.AuditLedgerSettings;
import io.sendport.config.MessageBoxSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a backup of the message box does not have in it, and a restore on another machine needs.
 *
 * @param path the file or folder
 * @param why what for
 * @param isSecret whether whoever has it can sign, decrypt or find out names: to be kept apart from the backup
 */
public record Companion(Path path, String why, boolean isSecret) {

    /** Those that are there. */
    public static List<Companion> of(MessageBoxSettings box, AuditLedgerSettings ledger) {
        List<Companion> all = new ArrayList<>();
        all.add(new Companion(
                beside(box, ".checkpoints"),
                "signed checkpoints and statements: `audit verify` holds the ledger against them",
                false));
        all.add(new Companion(
                ledger.checkpointKey().orElse(beside(box, ".ledger-key.pem")),
                "signs the ledger, a restore too",
                true));
        all.add(new Companion(
                ledger.pseudonymKey().orElse(beside(box, ".pseudonym-key")), "finds hashed recipients again", true));
        all.add(new Companion(
                ledger.auditorCopies().orElse(beside(box, ".auditor-copies")),
                "the auditor's encrypted copies",
                false));
        box.bodyKey()
                .ifPresent(
                        key -> all.add(new Companion(key.file(), "decrypts bodies: without it they are lost", true)));
        all.removeIf(each -> !Files.exists(each.path()));
        return all;
    }

    private static Path beside(MessageBoxSettings box, String ending) {
        return box.place().resolveSibling(box.place().getFileName() + ending);
    }
}
