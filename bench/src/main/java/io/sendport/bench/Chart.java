package io.sendport.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Bars with what they stand for, as SVG that reads well on light and dark ground. */
final class Chart {

    private static final int WIDTH = 640;
    private static final int BAR = 18;
    private static final int GAP = 10;
    private static final int TOP = 34;
    private static final int LEFT = 150;
    private static final int RIGHT = 90;

    /**
     * A bar.
     *
     * @param name what stands before it
     * @param value its length
     * @param least of the rounds
     * @param most of the rounds
     */
    record Bar(String name, double value, double least, double most) {}

    private Chart() {}

    static void write(Path file, String title, String unit, List<Bar> bars) throws IOException {
        double longest = bars.stream().mapToDouble(Bar::most).max().orElse(1);
        double scale = (WIDTH - LEFT - RIGHT) / longest;
        int height = TOP + bars.size() * (BAR + GAP) + GAP;
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\""
                        + " fill=\"#777\">%n<title>%s</title>%n<text x=\"8\" y=\"20\" font-size=\"14\">%s</text>%n",
                WIDTH,
                height,
                escaped(title),
                escaped(title)));
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            int y = TOP + i * (BAR + GAP);
            double end = LEFT + bar.value() * scale;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n"
                            + "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#3b82a0\"/>%n"
                            + "<path d=\"M%.1f %dH%.1f\" stroke=\"#d08020\" stroke-width=\"2\"/>%n"
                            + "<text x=\"%.1f\" y=\"%d\">%,.0f %s</text>%n",
                    LEFT - 8,
                    y + BAR - 5,
                    escaped(bar.name()),
                    LEFT,
                    y,
                    bar.value() * scale,
                    BAR,
                    LEFT + bar.least() * scale,
                    y + BAR / 2,
                    LEFT + bar.most() * scale,
                    Math.max(end, LEFT + bar.most() * scale) + 6,
                    y + BAR - 5,
                    bar.value(),
                    escaped(unit)));
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, svg.append("</svg>\n"));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
