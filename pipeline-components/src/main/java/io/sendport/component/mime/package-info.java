/**
 * The MIME assembler: message and port settings in, a mail out, rendered once as bytes and always the same for the same message.
 * Start at {@link io.sendport.component.mime.MimeAssembler}. Everything that becomes a header field passes
 * {@link io.sendport.api.mail.HeaderField}, which refuses what could forge another.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.component.mime;
