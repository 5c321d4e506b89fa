/** Protects personal data on the ledger: pseudonyms, the erasure of private parts, and encrypted copies of mail for auditors. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.ledger.privacy;
