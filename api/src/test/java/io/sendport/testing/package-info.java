/** What the tests of all modules share: how much to try, what was left out, and an SMTP server that does as it is told. */
package io.sendport.testing;
