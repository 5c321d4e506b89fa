/**
 * The SQL database of message box and ledger: opening, upgrading, reading by many threads, and group commit. Each committing thread puts
 * all waiting writes into one transaction. This package does not depend on what the rows mean.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.store;
