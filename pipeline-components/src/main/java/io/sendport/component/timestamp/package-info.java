/** Time stamps by RFC 3161 for the audit ledger's checkpoints, using Bouncy Castle. */
@org.jspecify.annotations.NullMarked
package io.sendport.component.timestamp;
