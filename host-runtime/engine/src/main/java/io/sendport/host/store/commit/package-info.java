/**
 * Group commit: gathers writes, commits them together and syncs them, and defines what every database provides for that. Internal
 * to {@code store}, except the types that users of a transaction see.
 */
@NullMarked
package io.sendport.host.store.commit;

import org.jspecify.annotations.NullMarked;
