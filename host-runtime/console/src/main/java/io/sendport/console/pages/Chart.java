package io.sendport.console.pages;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A line chart of values over time.
 *
 * @param title the name of the values, with their unit
 * @param points the values, oldest first
 */
public record Chart(String title, List<Point> points) {

    /** The width of the drawing, in units of its view box. */
    public static final int WIDTH = 240;

    /** The height of the drawing, in units of its view box. */
    public static final int HEIGHT = 48;

    private static final double MARGIN = 2;

    /**
     * A value.
     *
     * @param at when the value was measured
     */
    public record Point(Instant at, long value) {}

    /** Copies the list. */
    public Chart {
        points = List.copyOf(points);
    }

    /** Whether there is a line to draw. */
    public boolean isDrawn() {
        return points.size() > 1;
    }

    /** The newest value. */
    public long last() {
        return points.get(points.size() - 1).value();
    }

    /** The largest value. */
    public long most() {
        return points.stream().mapToLong(Point::value).max().orElse(0);
    }

    /** The points of the line, in the format of an SVG polyline. */
    public String line() {
        double step = (WIDTH - 2 * MARGIN) / (points.size() - 1);
        double scale = (HEIGHT - 2 * MARGIN) / Math.max(1, most());
        return IntStream.range(0, points.size())
                .mapToObj(i -> String.format(
                        Locale.ROOT,
                        "%.1f,%.1f",
                        MARGIN + i * step,
                        HEIGHT - MARGIN - points.get(i).value() * scale))
                .collect(Collectors.joining(" "));
    }

    /** The chart as a sentence, for screen readers. */
    public String sentence() {
        return title + ": " + last() + " now, at most " + most() + " in the last " + points.size() + " minutes";
    }
}
