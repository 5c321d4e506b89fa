package io.sendport.component.smime;

import io.sendport.api.component.EncodeScope;
import io.sendport.api.component.Encoder;
import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;
import io.sendport.component.smime.cms.Compressing;
import io.sendport.component.smime.cms.Content;
import io.sendport.component.smime.cms.Encrypting;
import io.sendport.component.smime.cms.Signing;
import io.sendport.component.smime.headers.HeaderProtection;
import io.sendport.component.smime.keys.Cryptography;
import io.sendport.component.smime.keys.SmimeException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code <smime>}: protects the header if configured, compresses, signs and encrypts, in the configured order. If any configured step
 * fails, nothing is sent.
 */
final class SmimeEncoder implements Encoder {

    private final SmimeOptions options;
    private final boolean encrypts;
    private final List<Step> steps;

    SmimeEncoder(SmimeOptions options, Optional<Signing> signing, Optional<Encrypting> encrypting) {
        this.options = options;
        this.encrypts = encrypting.isPresent();
        this.steps = steps(options.order(), signing, encrypting);
    }

    @Override
    public boolean namesRecipients() {
        return encrypts;
    }

    @Override
    public HeaderFields readableHeader(HeaderFields header) {
        return options.headerProtection().readable(header, options.policy());
    }

    @Override
    public Entity encode(Entity given, EncodeScope scope) throws Exception {
        Entity entity = options.bodyAsAttachment() ? attached(given) : given;
        if (steps.isEmpty()) {
            throw new SmimeException("<smime> is set neither to sign nor to encrypt, so the message was not sent."
                    + " Set signature or encrypt of <smime>, run `sendport reload`, then resume the message");
        }
        scope.record("smime.profile", options.profile().word());
        scope.record("smime.provider", Cryptography.describe());
        if (options.headerProtection() != HeaderProtection.OFF) {
            scope.record(
                    "smime.headerProtection",
                    options.headerProtection() == HeaderProtection.ENCRYPT
                            ? "hp=cipher, " + options.policy().word()
                            : "hp=clear");
        }
        Content content = options.headerProtection()
                .protect(entity, scope.header(), options.policy(), options.legacyDisplay(), scope.workspace());
        Entity encoded = entity;
        String transferEncoding =
                entity.header().first("Content-Transfer-Encoding").orElse("7bit");
        if (options.compress()) {
            encoded = Compressing.compress(content, scope.workspace());
            content = encoded::writeTo;
            transferEncoding = "base64";
        }
        for (Step step : steps) {
            encoded = step.apply(content, transferEncoding, scope);
            if (scope.recipients().isEmpty()) {
                // All recipients were left out; the host does not create this delivery.
                return encoded;
            }
            content = encoded::writeTo;
            transferEncoding = "7bit";
        }
        return encoded;
    }

    /** BizTalk's SendBodyPartAsAttachment. A multipart marks its attachments itself. */
    private static Entity attached(Entity entity) {
        boolean multipart = entity.header()
                .first("Content-Type")
                .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("multipart/"))
                .isPresent();
        return multipart || entity.header().first("Content-Disposition").isPresent()
                ? entity
                : new Entity(entity.header().plus("Content-Disposition", "attachment"), entity.body());
    }

    @FunctionalInterface
    private interface Step {
        Entity apply(Content content, String transferEncoding, EncodeScope scope) throws Exception;
    }

    private static List<Step> steps(Order order, Optional<Signing> signing, Optional<Encrypting> encrypting) {
        List<Step> sign = signing.map(each -> List.<Step>of(each::sign)).orElse(List.of());
        List<Step> encrypt = encrypting
                .map(each -> List.<Step>of((content, transferEncoding, scope) -> each.encrypt(content, scope)))
                .orElse(List.of());
        if (sign.isEmpty() || encrypt.isEmpty()) {
            return sign.isEmpty() ? encrypt : sign;
        }
        Step signature = sign.get(0);
        Step encryption = encrypt.get(0);
        return switch (order) {
            case SIGN_ENCRYPT -> List.of(signature, encryption);
            case ENCRYPT_SIGN -> List.of(encryption, signature);
            case TRIPLE -> List.of(signature, encryption, signature);
        };
    }
}
