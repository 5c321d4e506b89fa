/**
 * Signed statements about the ledger: checkpoints, keys, Merkle trees, time stamps and trust. Also the statements that allow pruning
 * and that report lost records. Some public types are for the ledger packages only.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.ledger.checkpoint;
