/**
 * What the audit ledger asks of others: time stamps by a third party, encryption to an auditor. Implementations are found by {@link java.util.ServiceLoader}.
 *
 * <p>Promised: nothing here changes its meaning or goes away within a major version.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.audit;
