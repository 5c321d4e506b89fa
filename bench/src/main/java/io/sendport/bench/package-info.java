/** Benchmarks of single pieces, with JMH. Built with -Pbench only, and no part of what is shipped. */
package io.sendport.bench;
