/**
 * The Java way into the message box: a submission goes in, and once the call returns it is on disk.
 *
 * <p>Promised: nothing here changes its meaning or goes away within a major version.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.submit;
