package io.sendport.host;

import io.sendport.host.ledger.Kind;
import io.sendport.testing.InTurn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** On PostgreSQL the database is taken away: the server ends the session that wants a record made, amid its transaction. */
@InTurn
class PostgresLedgerFirstIT extends LedgerFirstContract {

    private final String url = TestPostgres.newDatabase();

    @Override
    String messageBox() {
        return "<messageBox url='" + url + "' user='postgres'/>";
    }

    @Override
    Path place() {
        try {
            return RunningHost.read(folder, messageBox())
                    .configuration()
                    .orElseThrow()
                    .messageBox()
                    .place();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void refuse(Kind kind) {
        execute("CREATE FUNCTION take_away() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10); RETURN NEW; END $$");
        execute("CREATE TRIGGER take_away BEFORE INSERT ON audit_segment FOR EACH ROW WHEN (NEW.kinds LIKE '%," + kind
                + ",%') EXECUTE FUNCTION take_away()");
    }

    @Override
    void recover() {
        execute("DROP TRIGGER take_away ON audit_segment");
    }

    private void execute(String sql) {
        TestPostgres.execute(url.substring(url.lastIndexOf('/') + 1), sql);
    }

    @Override
    String reason() {
        return "terminating connection due to administrator command";
    }
}
