/**
 * Everything that a person or a program can do to Sendport, as plain Java: values in, records out. The command line, the HTTP API and tests are faces
 * of this package. It prints nothing, asks nothing and knows no protocol; who acts comes with each act.
 */
@NullMarked
package io.sendport.host.operate;

import org.jspecify.annotations.NullMarked;
