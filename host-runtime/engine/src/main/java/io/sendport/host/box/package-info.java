/**
 * The message box: what is submitted, who may send it now, what came of it. Every change of a message's state is one transaction with
 * the ledger record that tells it. Decisions are made elsewhere; here they are stored.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.box;
