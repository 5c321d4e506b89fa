/** The HTTP server of the API: routes, requests, answers and problems. Jetty is known here alone. */
@NullMarked
package io.sendport.console.http;

import org.jspecify.annotations.NullMarked;
