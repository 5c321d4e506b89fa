package io.sendport.smtp.wire;

import io.sendport.api.settings.Secret;
import io.sendport.smtp.relay.Relay;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The dialogue on a connection since its last transaction started, without secrets. Bounded; used by one thread at a time. */
final class Transcript {

    private static final int MAX_LINES = 200;

    private final List<String> lines = new ArrayList<>();
    private final List<String> secretForms = new ArrayList<>();

    Transcript(Relay relay, Optional<Secret> token) {
        token.ifPresent(secret -> {
            secretForms.add(secret.reveal());
            relay.account()
                    .identity()
                    .ifPresent(account -> secretForms.add(
                            base64("user=" + account.user() + "\001auth=Bearer " + secret.reveal() + "\001\001")));
        });
        relay.account()
                .identity()
                .filter(account -> account.password().reveal().length() > 3)
                .ifPresent(account -> {
                    String password = account.password().reveal();
                    secretForms.add(base64("\0" + account.user() + "\0" + password));
                    secretForms.add(base64(password));
                    secretForms.add(password);
                });
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A server may repeat what it received, and secrets must be removed from that as well. */
    @Nullable
    String masked(@Nullable String text) {
        String masked = text;
        for (String form : secretForms) {
            masked = masked == null ? null : masked.replace(form, "***");
        }
        return masked;
    }

    void note(String line) {
        if (lines.size() < MAX_LINES) {
            lines.add(line);
        }
    }

    void clear() {
        lines.clear();
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
