/** How foreign text is shown. No promise: any version may change or remove what is here. */
@org.jspecify.annotations.NullMarked
package io.sendport.support.text;
