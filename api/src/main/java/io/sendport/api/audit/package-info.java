/** What the audit ledger asks of others: time stamps by a third party, encryption to an auditor. Implementations are found by {@link java.util.ServiceLoader}. */
@org.jspecify.annotations.NullMarked
package io.sendport.api.audit;
