/** Verifies a ledger, an export, and the inclusion of single records, against signed statements. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.ledger.verify;
