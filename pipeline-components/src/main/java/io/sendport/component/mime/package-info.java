/**
 * The MIME assembler: turns message and port settings into a mail, rendered once as bytes and always the same for the same message. Start
 * at {@link io.sendport.component.mime.MimeAssembler}. Everything that becomes a header field passes {@link
 * io.sendport.api.mail.HeaderField}, which refuses text that could forge another field.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.component.mime;
