package io.sendport.host;

import io.sendport.host.ledger.Kind;
import java.nio.file.Path;

/** On SQLite a trigger refuses records, as a full disk would. */
class LedgerFirstIT extends LedgerFirstContract {

    @Override
    String messageBox() {
        return "<messageBox url='jdbc:sqlite:var/sendport.db'/>";
    }

    @Override
    Path place() {
        return folder.resolve("var/sendport.db");
    }

    @Override
    void refuse(Kind kind) {
        execute("CREATE TRIGGER refuse BEFORE INSERT ON audit_segment WHEN NEW.kinds LIKE '%," + kind
                + ",%' BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END");
    }

    @Override
    void recover() {
        execute("DROP TRIGGER refuse");
    }

    private void execute(String sql) {
        host.process().box().store().change(transaction -> transaction.handle().execute(sql));
    }

    @Override
    String reason() {
        return "database or disk is full";
    }
}
