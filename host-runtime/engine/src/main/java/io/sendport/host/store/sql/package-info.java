/**
 * The statements that every message needs, executed at once or together with the next query. Internal to {@code store}, except
 * {@link io.sendport.host.store.sql.Sql}.
 */
@NullMarked
package io.sendport.host.store.sql;

import org.jspecify.annotations.NullMarked;
