/** Verifies a ledger, an exported file, and proofs of single records, against signed statements. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.ledger.verify;
