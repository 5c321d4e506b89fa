/**
 * The audit ledger: records in canonical JSON (RFC 8785), chained by SHA-256. Each record is appended in the transaction of the change
 * that it describes. {@link io.sendport.host.ledger.Ledger} writes and reads the records, and
 * {@link io.sendport.host.ledger.verify.Verification} verifies them. docs/audit-ledger.md describes the format of a record. The format
 * is fixed: a change would break every existing chain.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.ledger;
