/** A transport over HTTPS, for places where the way to SMTP is blocked. A sample of docs/writing-an-adapter.md. */
@org.jspecify.annotations.NullMarked
package io.sendport.samples.mailapi;
