/** Files that a process keeps beside the store: its spool, and its last commits. Internal to {@code process}. */
@NullMarked
package io.sendport.host.process.files;

import org.jspecify.annotations.NullMarked;
