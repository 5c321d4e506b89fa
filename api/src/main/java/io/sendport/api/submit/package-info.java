/** The Java way into the message box: a submission goes in, and once the call returns it is on disk. */
@org.jspecify.annotations.NullMarked
package io.sendport.api.submit;
