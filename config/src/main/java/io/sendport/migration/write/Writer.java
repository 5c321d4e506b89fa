package io.sendport.migration.write;

import java.util.Map;

/** Writes elements in the usual XML layout: two blanks per level, long tags on several lines. The result is well-formed for every text. */
public final class Writer {

    private static final int WIDE = 140;

    private final StringBuilder out = new StringBuilder();

    /** A document with that root, preceded by a comment. */
    public String document(Element root, String comment) {
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        if (!comment.isEmpty()) {
            comment(comment, "");
        }
        element(root, "");
        return out.toString();
    }

    /** A single element. */
    public String text(Element element) {
        element(element, "");
        return out.toString();
    }

    private void element(Element element, String indent) {
        StringBuilder tag = new StringBuilder();
        boolean wide = indent.length() + length(element) > WIDE && element.attributes.size() > 1;
        for (Map.Entry<String, String> each : element.attributes.entrySet()) {
            tag.append(wide && tag.length() > 0 ? "\n" + indent + "    " : " ");
            tag.append(each.getKey())
                    .append("=\"")
                    .append(attribute(each.getValue()))
                    .append('"');
        }
        out.append(indent).append('<').append(element.name).append(tag);
        if (element.items.isEmpty() && element.content.isEmpty()) {
            out.append("/>\n");
            return;
        }
        out.append('>');
        if (!element.content.isEmpty()) {
            boolean several = element.content.indexOf('\n') >= 0;
            out.append(several ? "\n" : "").append(content(element.content)).append(several ? "\n" + indent : "");
        } else {
            out.append('\n');
            for (Element.Item each : element.items) {
                if (each instanceof Element.Comment comment) {
                    comment(comment.text(), indent + "  ");
                } else if (each instanceof Element.Nested nested) {
                    element(nested.element(), indent + "  ");
                }
            }
            out.append(indent);
        }
        out.append("</").append(element.name).append(">\n");
    }

    private static int length(Element element) {
        return element.name.length()
                + element.attributes.entrySet().stream()
                        .mapToInt(
                                each -> each.getKey().length() + each.getValue().length() + 4)
                        .sum();
    }

    private void comment(String text, String indent) {
        String safe = legal(text).replace("\r", "").replaceAll("-(?=-)", "- ").replaceAll("-$", "- ");
        String[] lines = safe.split("\n", -1);
        out.append(indent).append("<!-- ");
        for (int i = 0; i < lines.length; i++) {
            out.append(i == 0 ? "" : "\n" + indent + "     ").append(lines[i]);
        }
        out.append(" -->\n");
    }

    private static String attribute(String text) {
        return content(text).replace("\"", "&quot;").replace("\n", "&#10;").replace("\t", "&#9;");
    }

    private static String content(String text) {
        return legal(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\r", "&#13;");
    }

    /** Replaces characters that XML cannot contain by the replacement character. */
    private static String legal(String text) {
        StringBuilder legal = new StringBuilder();
        text.codePoints()
                .forEach(each -> legal.appendCodePoint(
                        each == 9
                                        || each == 10
                                        || each == 13
                                        || (each >= 32 && each <= 0xD7FF)
                                        || (each >= 0xE000 && each <= 0xFFFD)
                                        || each >= 0x10000
                                ? each
                                : 0xFFFD));
        return legal.toString();
    }
}
