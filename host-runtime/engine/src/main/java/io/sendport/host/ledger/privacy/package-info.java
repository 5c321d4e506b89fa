/** Personal data on the ledger: pseudonyms, the erasure of private parts, and auditors' copies of mail. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.ledger.privacy;
