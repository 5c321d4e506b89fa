/**
 * The audit ledger: records in canonical JSON (RFC 8785), chained by SHA-256, appended in the transaction of the change they tell.
 * {@link io.sendport.host.ledger.Ledger} writes and reads, {@link io.sendport.host.ledger.verify.Verification} proves. The form of a
 * record is fixed: docs/audit-ledger.md describes it, and a change would break every chain there is.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.ledger;
