/** The engine; each package below is one part of it. This package contains only the entry point. */
@org.jspecify.annotations.NullMarked
package io.sendport.host;
