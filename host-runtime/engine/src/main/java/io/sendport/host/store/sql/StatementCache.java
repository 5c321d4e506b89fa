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
 * Caches the prepared statements of a committing thread's connection, because the same few statements run for every message. For one
 * thread.
 */
public final class StatementCache implements StatementBuilder {

    private static final int MAX_COUNT = 100;

    private final StatementBuilder uncached = new DefaultStatementBuilder();
    private final Map<String, PreparedStatement> jdbiStatements = new HashMap<>();
    private final Map<String, PreparedStatement> sqlStatements = new LinkedHashMap<>(MAX_COUNT, 0.75f, true);
    private final Set<Statement> jdbiCached = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Statement> inUse = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, String> dialect;
    private Runnable beforeOthers = () -> {};

    /**
     * @param dialect the SQL for placeholders, see {@link io.sendport.host.store.commit.Database#dialect}
     */
    public StatementCache(Map<String, String> dialect) {
        this.dialect = dialect;
    }

    /** Runs {@code what} before each statement that does not come from {@link Sql}. */
    public void beforeOthers(Runnable what) {
        beforeOthers = what;
    }

    @Override
    public Statement create(Connection connection, StatementContext context) throws SQLException {
        beforeOthers.run();
        return uncached.create(connection, context);
    }

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context) throws SQLException {
        beforeOthers.run();
        PreparedStatement statement = jdbiStatements.get(sql);
        if (statement == null || inUse.contains(statement)) {
            statement = uncached.create(connection, sql, context);
            if (jdbiStatements.size() < MAX_COUNT && jdbiStatements.putIfAbsent(sql, statement) == null) {
                jdbiCached.add(statement);
            }
        }
        inUse.add(statement);
        return statement;
    }

    /** A prepared statement of this connection for {@link Sql}, cached. A full cache evicts the least recently used statement. */
    public PreparedStatement cached(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = sqlStatements.get(sql);
        if (statement == null) {
            if (sqlStatements.size() == MAX_COUNT) {
                Iterator<PreparedStatement> oldest = sqlStatements.values().iterator();
                oldest.next().close();
                oldest.remove();
            }
            statement = connection.prepareStatement(translated(sql));
            sqlStatements.put(sql, statement);
        }
        return statement;
    }

    private String translated(String sql) {
        String result = sql;
        for (Map.Entry<String, String> word : dialect.entrySet()) {
            result = result.replace('<' + word.getKey() + '>', word.getValue());
        }
        return result;
    }

    @Override
    public CallableStatement createCall(Connection connection, String sql, StatementContext context)
            throws SQLException {
        return uncached.createCall(connection, sql, context);
    }

    @Override
    public void close(Connection connection, String sql, Statement statement) throws SQLException {
        inUse.remove(statement);
        // Do not look the statement up by its SQL: here the SQL still has the placeholders of the dialect.
        if (jdbiCached.contains(statement) && !statement.isClosed()) {
            ((PreparedStatement) statement).clearParameters();
        } else {
            uncached.close(connection, sql, statement);
        }
    }

    @Override
    public void close(Connection connection) {
        closeAll(jdbiStatements);
        closeAll(sqlStatements);
        jdbiCached.clear();
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
