package io.sendport.host.pipeline;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Property;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.config.Promotion;
import io.sendport.support.HardenedXml;
import io.sendport.support.XmlLimitException;
import io.sendport.support.XmlLimits;
import io.sendport.support.XmlRoot;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.xml.xpath.XPathExpressionException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/** Reads properties from the content of a message at submission: its type, and what {@code <promote>} defines. */
public final class Promotions {

    /** XPath needs the document in memory. Larger documents are not read. */
    private static final long MAX_DOCUMENT = 32L * 1024 * 1024;

    private final List<Promotion> promotions;

    /** Promotes according to {@code promotions}. */
    public Promotions(List<Promotion> promotions) {
        this.promotions = List.copyOf(promotions);
    }

    /**
     * The result.
     *
     * @param context all properties, including promoted ones
     * @param audited the promoted properties that the ledger records
     */
    public record Promoted(Context context, Map<String, String> audited) {

        /** A copy with another property in the context. */
        public <T> Promoted with(Property<T> property, T value) {
            return new Promoted(context.with(property, value), audited);
        }
    }

    /**
     * Reads properties from {@code body}. Does not replace properties of the submitter.
     *
     * @throws IOException when the body cannot be read
     * @throws SubmissionRefusedException when it contains too much XML to read into memory, or an XPath fails on it
     */
    public Promoted promote(Context given, Body body) throws IOException {
        Context context = given;
        Map<String, String> audited = new TreeMap<>();
        Optional<String> type = messageType(body);
        if (type.isPresent() && given.get(MessageProperties.MESSAGE_TYPE).isEmpty()) {
            context = context.with(MessageProperties.MESSAGE_TYPE, type.get());
        }
        List<Promotion> wanted = promotions.stream()
                .filter(each -> each.xpath().isPresent())
                .filter(each ->
                        each.messageType().isEmpty() || each.messageType().equals(type))
                .toList();
        if (type.isPresent() && !wanted.isEmpty() && body.size() <= MAX_DOCUMENT) {
            Document document = parse(body, wanted);
            for (Promotion each : wanted) {
                String value = document == null ? "" : evaluate(document, each);
                if (!value.isEmpty() && context.text(each.property()).isEmpty()) {
                    context = context.with(each.property(), value);
                }
            }
        }
        for (Promotion each : promotions) {
            if (each.audit()) {
                context.text(each.property()).ifPresent(value -> audited.put(each.property(), value));
            }
        }
        return new Promoted(context, audited);
    }

    /** {@code namespace#root} of an XML body; empty for any other body. */
    static Optional<String> messageType(Body body) throws IOException {
        try (InputStream in = body.open()) {
            byte[] start = in.readNBytes(4);
            boolean maybe = false;
            for (byte b : start) {
                maybe |= b == '<';
            }
            if (!maybe) {
                return Optional.empty();
            }
        }
        try (InputStream in = body.open()) {
            return XmlRoot.of(in).map(XmlRoot::type);
        }
    }

    private static @Nullable Document parse(Body body, List<Promotion> wanted) throws IOException {
        XmlLimits limits =
                wanted.stream().map(Promotion::limits).reduce(XmlLimits::or).orElse(XmlLimits.DEFAULT);
        try {
            return HardenedXml.tree(body, limits);
        } catch (XmlLimitException e) {
            throw new SubmissionRefusedException(
                    "not submitted: <promote> would read the message into memory, but " + e.getMessage(), e);
        } catch (SAXException e) {
            // Not a well-formed document, so there is nothing to promote from.
            return null;
        }
    }

    private static String evaluate(Document document, Promotion promotion) {
        try {
            return promotion.compile().evaluate(document).strip();
        } catch (XPathExpressionException e) {
            throw new SubmissionRefusedException(
                    "not submitted: <promote property=\"" + promotion.property() + "\"> fails on this message: "
                            + Promotion.reason(e) + ". Correct its xpath in the configuration",
                    e);
        }
    }
}
