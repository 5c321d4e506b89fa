/** Verifies a ledger, an export of it, and that one record belongs to it, against what was signed. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.ledger.verify;
