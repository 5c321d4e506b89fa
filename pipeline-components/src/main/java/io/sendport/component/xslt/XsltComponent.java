package io.sendport.component.xslt;

import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.MessageScope;
import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.support.Stylesheet;
import io.sendport.support.TransformLimits;
import java.util.Optional;

/** {@code <xslt>}: transforms the body part with the stylesheet; the media type follows {@code <xsl:output>}. */
record XsltComponent(Stylesheet stylesheet, TransformLimits limits) implements MessageComponent {

    @Override
    public Optional<Message> process(Message message, MessageScope scope) throws Exception {
        Body result = stylesheet.transform(message.bodyPart().body(), scope.workspace(), limits);
        return Optional.of(
                message.withBodyPart(message.bodyPart().withBody(result).withContentType(stylesheet.contentType())));
    }
}
