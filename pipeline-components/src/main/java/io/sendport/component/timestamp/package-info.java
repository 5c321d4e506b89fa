/** Time stamps by RFC 3161 for the audit ledger's checkpoints, on Bouncy Castle. */
@org.jspecify.annotations.NullMarked
package io.sendport.component.timestamp;
