/** The outbox on PostgreSQL: applications insert submissions in their own transactions, and a host admits them later. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.box.outbox;
