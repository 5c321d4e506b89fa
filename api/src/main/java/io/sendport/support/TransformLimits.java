package io.sendport.support;

import io.sendport.api.settings.ByteSize;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.time.Duration;
import java.util.List;

/**
 * Limits of a transformation: its input, output and time.
 *
 * @param input the document
 * @param output bytes of the result
 * @param time maximum time for one message. After it, the pipeline abandons the thread; the transformation ends only when it next writes
 */
public record TransformLimits(XmlLimits input, long output, Duration time) {

    /** 100 MB, which is the default size limit of a port, and five minutes. */
    public static final TransformLimits DEFAULT =
            new TransformLimits(XmlLimits.DEFAULT, ByteSize.parse("100MB"), Duration.ofMinutes(5));

    /**
     * The limits of the attributes {@code maxOutput}, {@code timeout} and those of {@link XmlLimits#of}, with {@link #DEFAULT} for absent
     * ones.
     */
    public static TransformLimits of(Settings settings) {
        return new TransformLimits(
                XmlLimits.of(settings),
                settings.bytes("maxOutput", DEFAULT.output),
                settings.duration("timeout", DEFAULT.time));
    }

    /** The problems of these attributes that their schema does not find. */
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
