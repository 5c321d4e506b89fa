/**
 * Group commit: gathers writes, commits them together and syncs them. Defines what each kind of database must provide. Internal to
 * {@code store}, except the types that users of a transaction need.
 */
@NullMarked
package io.sendport.host.store.commit;

import org.jspecify.annotations.NullMarked;
