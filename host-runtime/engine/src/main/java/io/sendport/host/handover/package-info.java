/** Calls adapters. Whatever an adapter does, each recipient gets an outcome, and no outcome claims more than is known. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.handover;
