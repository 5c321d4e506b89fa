/** How writes are gathered, committed together and synced, and what every database gives for that. Internal to {@code store}, but for what users of a transaction see. */
@NullMarked
package io.sendport.host.store.commit;

import org.jspecify.annotations.NullMarked;
