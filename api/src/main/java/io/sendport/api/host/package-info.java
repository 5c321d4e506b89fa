/**
 * What a host lends components and adapters: its clock, meters, configuration folder, and room for large temporary content. Promised: nothing
 * here changes its meaning or goes away within a major version; methods may be added, with a default.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.host;
