/** Alerts about conditions, and their messages that wait to be sent. They are in the message box, so that any process can continue. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.box.alert;
