/**
 * The SQL of every message, executed at once or with the next query. Internal to {@code store}, except
 * {@link io.sendport.host.store.sql.Sql}.
 */
@NullMarked
package io.sendport.host.store.sql;

import org.jspecify.annotations.NullMarked;
