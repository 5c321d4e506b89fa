/** Where connections to PostgreSQL come from. Internal to {@code store}. */
@NullMarked
package io.sendport.host.store.connection;

import org.jspecify.annotations.NullMarked;
