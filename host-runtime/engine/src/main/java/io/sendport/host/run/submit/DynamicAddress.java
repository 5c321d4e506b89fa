package io.sendport.host.run.submit;

import io.sendport.api.mail.Mailbox;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Property;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.support.Domains;
import io.sendport.support.Mailto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the destination address of a message at a dynamic port. */
public final class DynamicAddress {

    private DynamicAddress() {}

    /**
     * Adds the properties of the destination address. Properties that the submitter has set override the fields of the address.
     *
     * @param dynamic the allowed domains; if empty, the port is not dynamic and {@code given} is returned unchanged
     * @throws SubmissionRefusedException when the message has no valid address, or a recipient's domain is not allowed
     */
    public static Context of(String port, Optional<Domains> dynamic, Context given) {
        if (dynamic.isEmpty()) {
            return given;
        }
        try {
            Mailto mailto =
                    Mailto.parse(given.get(MessageProperties.OUTBOUND_LOCATION).orElse(""));
            Context context = with(given, MessageProperties.TO, mailto.to());
            context = with(context, MessageProperties.CC, mailto.fields().getOrDefault("cc", ""));
            context = with(context, MessageProperties.BCC, mailto.fields().getOrDefault("bcc", ""));
            context = with(context, MessageProperties.SUBJECT, mailto.fields().getOrDefault("subject", ""));
            context = with(context, MessageProperties.FROM, mailto.fields().getOrDefault("from", ""));
            context = with(context, MessageProperties.REPLY_TO, mailto.fields().getOrDefault("reply-to", ""));
            context = with(
                    context, MessageProperties.EMAIL_BODY_TEXT, mailto.fields().getOrDefault("body", ""));
            List<Mailbox> all = new ArrayList<>();
            for (Property<String> list : List.of(MessageProperties.TO, MessageProperties.CC, MessageProperties.BCC)) {
                all.addAll(Mailbox.parseList(context.get(list).orElse("")));
            }
            if (all.isEmpty()) {
                throw new IllegalArgumentException(
                        "the message has no destination address; submit it with `--to ADDRESS`, or with the property "
                                + MessageProperties.OUTBOUND_LOCATION.name());
            }
            for (Mailbox each : all) {
                dynamic.get().refusal(each.address()).ifPresent(why -> {
                    throw new IllegalArgumentException(
                            "recipient domain not allowed: " + each.address() + "; see <dynamic domains>: " + why);
                });
            }
            return context;
        } catch (IllegalArgumentException e) {
            throw new SubmissionRefusedException("port " + port + ": " + e.getMessage(), e);
        }
    }

    private static Context with(Context context, Property<String> property, String value) {
        return value.isEmpty() || context.get(property).isPresent() ? context : context.with(property, value);
    }
}
