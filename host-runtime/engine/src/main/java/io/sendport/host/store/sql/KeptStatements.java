package io.sendport.host.store.sql;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Caches the prepared statements of the committing thread's connection, because the same few run for every message. For one thread
 * only.
 */
public final class KeptStatements implements StatementBuilder {

    private static final int MAX_COUNT = 100;

    private final StatementBuilder unkept = new DefaultStatementBuilder();
    private final Map<String, PreparedStatement> kept = new HashMap<>();
    private final Map<String, PreparedStatement> plain = new LinkedHashMap<>(MAX_COUNT, 0.75f, true);
    private final Set<Statement> keepers = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Statement> inUse = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, String> words;
    private Runnable beforeOthers = () -> {};

    /**
     * @param words the dialect, see {@link io.sendport.host.store.commit.Database#dialect}
     */
    public KeptStatements(Map<String, String> words) {
        this.words = words;
    }

    /** Runs {@code what} before any statement that is not for {@link Sql}. */
    public void beforeOthers(Runnable what) {
        beforeOthers = what;
    }

    @Override
    public Statement create(Connection connection, StatementContext context) throws SQLException {
        beforeOthers.run();
        return unkept.create(connection, context);
    }

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context) throws SQLException {
        beforeOthers.run();
        PreparedStatement statement = kept.get(sql);
        if (statement == null || inUse.contains(statement)) {
            statement = unkept.create(connection, sql, context);
            if (kept.size() < MAX_COUNT && kept.putIfAbsent(sql, statement) == null) {
                keepers.add(statement);
            }
        }
        inUse.add(statement);
        return statement;
    }

    /** A cached prepared statement of this connection, for {@link Sql}; the least recently used one is evicted. */
    public PreparedStatement keep(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = plain.get(sql);
        if (statement == null) {
            if (plain.size() == MAX_COUNT) {
                Iterator<PreparedStatement> oldest = plain.values().iterator();
                oldest.next().close();
                oldest.remove();
            }
            statement = connection.prepareStatement(translated(sql));
            plain.put(sql, statement);
        }
        return statement;
    }

    private String translated(String sql) {
        String result = sql;
        for (Map.Entry<String, String> word : words.entrySet()) {
            result = result.replace('<' + word.getKey() + '>', word.getValue());
        }
        return result;
    }

    @Override
    public CallableStatement createCall(Connection connection, String sql, StatementContext context)
            throws SQLException {
        return unkept.createCall(connection, sql, context);
    }

    @Override
    public void close(Connection connection, String sql, Statement statement) throws SQLException {
        inUse.remove(statement);
        // Do not identify it by the SQL: here it still contains the dialect placeholders.
        if (keepers.contains(statement) && !statement.isClosed()) {
            ((PreparedStatement) statement).clearParameters();
        } else {
            unkept.close(connection, sql, statement);
        }
    }

    @Override
    public void close(Connection connection) {
        closeAll(kept);
        closeAll(plain);
        keepers.clear();
    }

    private static void closeAll(Map<String, PreparedStatement> statements) {
        for (PreparedStatement statement : statements.values()) {
            try {
                statement.close();
            } catch (SQLException e) {
                // The connection is closed next, and its statements with it.
            }
        }
        statements.clear();
    }
}
