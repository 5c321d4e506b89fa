package com.example;

import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.MessageScope;
import io.sendport.api.host.HostServices;
import io.sendport.api.message.Message;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Writes a line before the body, and counts. */
public record Stamp(String line, HostServices host) implements MessageComponent {

    @Override
    public Optional<Message> process(Message message, MessageScope scope) throws Exception {
        host.meters().count("example.stamped", Map.of());
        return Optional.of(message.withBody(scope.workspace().write(out -> {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            try (var in = message.bodyPart().body().open()) {
                in.transferTo(out);
            }
        })));
    }
}
