/** Takes submissions into the message box: routes them, promotes properties, and refuses those that have no room. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.run.submit;
