/** Alerts about conditions, and messages that still have to be sent: in the message box, so that any process can continue. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.box.alert;
