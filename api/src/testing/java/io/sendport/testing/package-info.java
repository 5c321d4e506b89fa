/**
 * Test support that all modules share: the depth of property tests, timeouts, reports of skipped tests, a TCP port without a listener, and
 * a scripted SMTP server.
 */
package io.sendport.testing;
