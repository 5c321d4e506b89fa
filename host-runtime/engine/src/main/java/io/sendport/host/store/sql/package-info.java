/** The SQL of every message, at once or together with the next question. Internal to {@code store}, but for {@link io.sendport.host.store.sql.Sql}. */
@NullMarked
package io.sendport.host.store.sql;

import org.jspecify.annotations.NullMarked;
