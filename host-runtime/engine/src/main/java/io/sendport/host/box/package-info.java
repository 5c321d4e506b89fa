/**
 * The message box: submitted messages, their leases and their results. Every change of a message's state is one transaction with
 * the ledger record that describes it. Decisions are made elsewhere; this package stores them.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.box;
