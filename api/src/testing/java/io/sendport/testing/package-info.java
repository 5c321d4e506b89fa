/** What the tests of all modules share: how much to try, how long to wait, what was left out, a port where nobody listens, and an SMTP server that does as it is told. */
package io.sendport.testing;
