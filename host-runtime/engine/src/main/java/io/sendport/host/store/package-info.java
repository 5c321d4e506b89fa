/**
 * The one SQL database under message box and ledger: opened, migrated, read by many, written by one committing thread that puts all
 * waiting writes into one transaction. What the rows mean is not known here.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.store;
