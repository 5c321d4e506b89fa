/**
 * The message box: submitted messages, their claims and their results. Every change of a message's state is in one transaction with the
 * ledger record that describes it. Other packages make the decisions; this package stores them.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.box;
