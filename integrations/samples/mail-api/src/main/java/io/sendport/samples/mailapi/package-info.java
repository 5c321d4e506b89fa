/** A transport over HTTPS, for networks that block SMTP. A sample of docs/writing-an-adapter.md. */
@org.jspecify.annotations.NullMarked
package io.sendport.samples.mailapi;
