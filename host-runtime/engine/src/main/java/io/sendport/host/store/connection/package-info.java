/** The source of PostgreSQL connections. Internal to {@code store}. */
@NullMarked
package io.sendport.host.store.connection;

import org.jspecify.annotations.NullMarked;
