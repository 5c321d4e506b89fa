/** Makes untrusted text safe to show. Not a promised API: any version may change or remove what is here. */
@org.jspecify.annotations.NullMarked
package io.sendport.support.text;
