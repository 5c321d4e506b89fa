/** The HTTP server of the API: routes, requests, responses and problems. Only this package uses Jetty. */
@NullMarked
package io.sendport.console.http;

import org.jspecify.annotations.NullMarked;
