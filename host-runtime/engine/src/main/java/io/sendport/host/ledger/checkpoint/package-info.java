/**
 * Signed statements about the ledger: checkpoints and their keys, Merkle trees, time stamps, trust, and the end of records that are
 * pruned or abandoned. Types that only ledger packages use are internal to them.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.ledger.checkpoint;
