package io.sendport.console;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The formats of metrics. */
enum MetricsFormat {
    /** The text format of Prometheus, which everything reads. */
    PROMETHEUS("text/plain", "text/plain; version=0.0.4; charset=utf-8"),
    /** OpenMetrics, which can carry exemplars. */
    OPEN_METRICS("application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8");

    private static final Pattern QUALITY = Pattern.compile(";\\s*q\\s*=\\s*([01](?:\\.\\d{0,3})?)\\s*(?:;|$)");

    private final String mediaType;
    private final String contentType;

    MetricsFormat(String mediaType, String contentType) {
        this.mediaType = mediaType;
        this.contentType = contentType;
    }

    /** The content type of an answer. */
    String contentType() {
        return contentType;
    }

    /** The format that the field {@code Accept} (RFC 9110 section 12.5.1) prefers; {@link #PROMETHEUS} unless it names OpenMetrics. */
    static MetricsFormat preferred(@Nullable String accept) {
        OptionalDouble open = quality(accept, OPEN_METRICS);
        return open.isPresent()
                        && open.getAsDouble() > 0
                        && open.getAsDouble() >= quality(accept, PROMETHEUS).orElse(0)
                ? OPEN_METRICS
                : PROMETHEUS;
    }

    private static OptionalDouble quality(@Nullable String accept, MetricsFormat format) {
        if (accept == null) {
            return OptionalDouble.empty();
        }
        for (String each : accept.toLowerCase(Locale.ROOT).split(",")) {
            String range = each.strip();
            if (range.split(";")[0].strip().equals(format.mediaType)) {
                Matcher quality = QUALITY.matcher(range);
                return OptionalDouble.of(quality.find() ? Double.parseDouble(quality.group(1)) : 1);
            }
        }
        return OptionalDouble.empty();
    }
}
