/**
 * Services that the audit ledger needs: time stamps by a third party, and encryption for an auditor. Implementations are found by {@link
 * java.util.ServiceLoader}.
 *
 * <p>Promised: within a major version, nothing is removed and nothing changes its meaning.
 *
 * <p>Null is never allowed. Records, enums and other values are immutable and thread-safe; an interface says how many threads may use it at
 * once. A constructor that refuses a value throws {@link IllegalArgumentException} with the value and what was expected.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.audit;
