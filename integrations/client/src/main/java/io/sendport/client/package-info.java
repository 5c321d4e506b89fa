/**
 * Submits messages from an application that runs no send ports itself: through the outbox of a message box on PostgreSQL, within the application's own
 * transaction where it has one, or through the HTTP API.
 *
 * <p>Promised: nothing here changes its meaning or goes away within a major version. Null is allowed nowhere.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.client;
