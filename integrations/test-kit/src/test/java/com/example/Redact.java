package com.example;

import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.MessageScope;
import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

public record Redact(Pattern pattern, Optional<String> mask) implements MessageComponent {

    @Override
    public Optional<Message> process(Message message, MessageScope scope) throws Exception {
        Body redacted = scope.workspace().write(out -> {
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(message.bodyPart().body().open(), StandardCharsets.UTF_8))) {
                for (String line; (line = lines.readLine()) != null; ) {
                    String hidden = pattern.matcher(line).replaceAll(mask.orElse("****"));
                    out.write((hidden + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
        });
        return Optional.of(message.withBody(redacted));
    }
}
