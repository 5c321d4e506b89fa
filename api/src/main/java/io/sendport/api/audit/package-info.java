/**
 * What the audit ledger asks of others: time stamps by a third party, encryption to an auditor. Implementations are found by {@link java.util.ServiceLoader}.
 *
 * <p>Promised: nothing here changes its meaning or goes away within a major version.
 *
 * <p>Null is allowed nowhere. Records, enums and other values are immutable and for any number of threads; an interface says how many
 * threads may use it at once. A constructor that refuses a value throws {@link IllegalArgumentException} with the value and what was expected.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.audit;
