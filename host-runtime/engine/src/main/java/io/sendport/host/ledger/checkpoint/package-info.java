/**
 * Signed statements about the ledger: checkpoints and their keys, Merkle trees, time stamps, trust, and the end of records that are pruned or
 * abandoned. What only packages of the ledger use is internal to them.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.ledger.checkpoint;
