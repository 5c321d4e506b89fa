/**
 * Everything that a person or a program can do with Sendport, as plain Java: values in, records out. Command line, HTTP API and
 * tests are interfaces to this package. It prints nothing, asks nothing and knows no protocol; each act names its actor.
 */
@NullMarked
package io.sendport.host.operate;

import org.jspecify.annotations.NullMarked;
