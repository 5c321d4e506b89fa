/** Calls adapters: whatever an adapter does, each recipient gets an outcome that claims no more than is known. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.handover;
