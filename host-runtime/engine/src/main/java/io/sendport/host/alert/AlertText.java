package io.sendport.host.alert;

import io.sendport.host.condition.alert.Alert;
import io.sendport.host.condition.alert.AlertNote;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What an alert says to people: the texts of {@code status}. */
final class AlertText {

    private static final int MAX_SUBJECT = 160;

    private AlertText() {}

    /** One line: how many, the worst, and where. */
    static String subject(Alert message, AlertSender sender) {
        String line = "[Sendport " + sender.machine() + "] " + summary(message);
        return line.length() <= MAX_SUBJECT
                ? line
                : line.substring(0, MAX_SUBJECT - 3).strip() + "...";
    }

    /** One line: how many, and the worst. */
    static String summary(Alert message) {
        int number = message.notes().size();
        String problems = number == 1 ? "1 problem" : number + " problems";
        return switch (message.type()) {
            case FIRING -> problems + ": " + message.notes().get(0).text();
            case REMINDER ->
                "Reminder, still " + problems + ": " + message.notes().get(0).text();
            case RECOVERED ->
                "Recovered, " + problems + ": " + over(message.notes().get(0));
            case TEST -> "Test of alerts: nothing is wrong";
        };
    }

    /** The whole text; lines end with a line feed. */
    static String body(Alert message, AlertSender sender) {
        StringBuilder body = new StringBuilder();
        body.append(lead(message)).append('\n');
        for (AlertNote each : message.notes()) {
            body.append('\n');
            if (message.type() == Alert.Type.RECOVERED) {
                body.append(over(each))
                        .append(".\n  It was: ")
                        .append(each.text())
                        .append(".\n");
            } else {
                body.append(each.severity().word())
                        .append(": ")
                        .append(each.text())
                        .append(".\n");
                ports(each.ports().stream().toList(), body);
                body.append("  -> ").append(each.nextStep()).append(".\n");
            }
        }
        return body.append("\n-- \nSent by ")
                .append(sender.instance().isEmpty() ? "sendport" : sender.instance())
                .append(" on ")
                .append(sender.machine())
                .append(" for the message box ")
                .append(sender.store())
                .append(".\nTime: ")
                .append(message.at().truncatedTo(ChronoUnit.SECONDS))
                .append(". Alert: ")
                .append(message.id())
                .append(".\n`sendport status` shows the present state.\n")
                .toString();
    }

    private static String lead(Alert message) {
        boolean isOne = message.notes().size() == 1;
        return switch (message.type()) {
            case FIRING -> isOne ? "This problem needs attention:" : "These problems need attention:";
            case REMINDER -> isOne ? "This problem still needs attention:" : "These problems still need attention:";
            case RECOVERED -> isOne ? "This problem is over:" : "These problems are over:";
            case TEST -> "This is a test. Alerts of Sendport arrive here.";
        };
    }

    private static void ports(List<String> ports, StringBuilder body) {
        if (!ports.isEmpty()) {
            body.append(ports.size() == 1 ? "  Port: " : "  Ports: ")
                    .append(String.join(", ", ports))
                    .append(".\n");
        }
    }

    private static String over(AlertNote note) {
        return note.kind().word() + " of " + note.kind().subject().word() + " " + note.subject();
    }
}
