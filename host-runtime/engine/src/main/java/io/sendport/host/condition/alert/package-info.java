/**
 * Decides when a condition leads to an alert, a reminder or a recovery. Contains only values and pure functions: no clock, no store,
 * no network.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.condition.alert;
