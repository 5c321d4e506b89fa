package io.sendport.host.operate;

import io.sendport.config.AuditLedgerSettings;
import io.sendport.config.BodyKeySettings;
import io.sendport.config.MessageBoxSettings;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.checkpoint.LedgerKey;
import io.sendport.host.ledger.privacy.AuditorCopies;
import io.sendport.host.ledger.privacy.Pseudonyms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file or folder that a restore on another machine needs, but that a backup of the message box does not contain.
 *
 * @param path the file or folder
 * @param why its purpose
 * @param isSecret whether it allows a person to sign, decrypt or look up names; it must then be stored apart from the backup
 */
public record BackupCompanion(Path path, String why, boolean isSecret) {

    /** Returns the companions of a message box that exist. */
    public static List<BackupCompanion> of(MessageBoxSettings box, AuditLedgerSettings ledger) {
        Path place = box.place();
        Stream<BackupCompanion> ofTheLedger = Stream.of(
                new BackupCompanion(
                        Checkpoints.folder(place, Optional.of(ledger)),
                        "signed checkpoints and statements: `audit verify` compares the ledger with them",
                        false),
                new BackupCompanion(
                        LedgerKey.file(place, Optional.of(ledger)), "signs the ledger, including a restore", true),
                new BackupCompanion(Pseudonyms.file(place, ledger), "required to find hashed recipients", true),
                new BackupCompanion(AuditorCopies.folder(place, ledger), "the auditor's encrypted copies", false));
        Stream<BackupCompanion> ofBodies = box.bodyKey().map(BodyKeySettings::file).stream()
                .map(key -> new BackupCompanion(key, "decrypts bodies; without it they are lost", true));
        return Stream.concat(ofTheLedger, ofBodies)
                .filter(each -> Files.exists(each.path()))
                .toList();
    }
}
