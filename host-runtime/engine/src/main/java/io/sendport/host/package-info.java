/** What a host instance is made of; each package below is one part of it. Only the entry point of the process stands here. */
@org.jspecify.annotations.NullMarked
package io.sendport.host;
