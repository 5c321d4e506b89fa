/** When people receive messages about conditions. Pure functions and records; no clock, no store, no network. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.condition.alert;
