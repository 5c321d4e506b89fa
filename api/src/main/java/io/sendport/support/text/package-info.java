/** How foreign text is shown. Not a promised API: any version may change or remove what is here. */
@org.jspecify.annotations.NullMarked
package io.sendport.support.text;
