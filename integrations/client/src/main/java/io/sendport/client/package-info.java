/**
 * Submits messages from an application that runs no send ports itself: through the HTTP API, or through the outbox of a message box on
 * PostgreSQL, optionally as part of the application's own transaction.
 *
 * <p>Promised: within a major version, nothing is removed and nothing changes its meaning. Null is never allowed.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.client;
