/** The outbox of applications on PostgreSQL: submissions that they insert in transactions of their own, until a host admits them. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.box.outbox;
