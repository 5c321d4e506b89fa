package io.sendport.support;

import io.sendport.api.settings.ByteSize;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.time.Duration;
import java.util.List;

/**
 * How much a transformation may take in, give and last.
 *
 * @param input the document
 * @param output bytes of the result
 * @param time that one message may be with it: whoever runs the pipeline gives its thread up then. The transformation ends by itself only
 *     once it writes
 */
public record TransformLimits(XmlLimits input, long output, Duration time) {

    /** 100 MB, as much as a port takes in, and five minutes. */
    public static final TransformLimits DEFAULT =
            new TransformLimits(XmlLimits.DEFAULT, ByteSize.parse("100MB"), Duration.ofMinutes(5));

    /** What the attributes {@code maxOutput}, {@code timeout} and those of {@link XmlLimits#of} say, else the {@link #DEFAULT}. */
    public static TransformLimits of(Settings settings) {
        return new TransformLimits(
                XmlLimits.of(settings),
                settings.bytes("maxOutput", DEFAULT.output),
                settings.duration("timeout", DEFAULT.time));
    }

    /** What is wrong with these attributes, in a form that their schema takes. */
    public static List<Problem> check(Settings settings) {
        try {
            return of(settings).time.isZero()
                    ? List.of(settings.problem("timeout", "is not positive", "expected a duration such as PT5M"))
                    : List.of();
        } catch (IllegalArgumentException e) {
            return List.of(settings.problem("timeout", "is not a valid duration", "use ISO 8601, for example PT5M"));
        }
    }
}
