/**
 * Files that a process keeps beside the store: its spool, its last commits, and the messages in its pipelines. Internal to {@code process}.
 */
@NullMarked
package io.sendport.host.process.files;

import org.jspecify.annotations.NullMarked;
