/**
 * The audit ledger: records in canonical JSON (RFC 8785), chained by SHA-256, each appended in the transaction of the change that
 * it describes. {@link io.sendport.host.ledger.Ledger} writes and reads, {@link io.sendport.host.ledger.verify.Verification}
 * verifies. The format of a record is fixed: docs/audit-ledger.md describes it, and a change would break every existing chain.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.ledger;
