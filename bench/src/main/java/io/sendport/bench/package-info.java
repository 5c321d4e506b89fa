/** Benchmarks: Sendport beside its peers, single pieces with JMH, and programs that measure one thing. Not part of the distribution. */
package io.sendport.bench;
