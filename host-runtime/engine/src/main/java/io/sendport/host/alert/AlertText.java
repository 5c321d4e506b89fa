package io.sendport.host.alert;

import io.sendport.host.condition.alert.Alert;
import io.sendport.host.condition.alert.AlertNote;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The subject and text of an alert. Uses the sentences that {@code status} prints. */
final class AlertText {

    private static final int MAX_SUBJECT = 160;

    private AlertText() {}

    /** Returns one line of at most 160 characters: the machine, the number of problems, and the most severe one. */
    static String subject(Alert alert, AlertSender sender) {
        String line = "[Sendport " + sender.machine() + "] " + summary(alert);
        return line.length() <= MAX_SUBJECT
                ? line
                : line.substring(0, MAX_SUBJECT - 3).strip() + "...";
    }

    /** Returns one line: the number of problems, and the most severe one. */
    static String summary(Alert alert) {
        int count = alert.notes().size();
        String problems = count == 1 ? "1 problem" : count + " problems";
        return switch (alert.type()) {
            case FIRING -> problems + ": " + alert.notes().get(0).text();
            case REMINDER ->
                "Reminder, still " + problems + ": " + alert.notes().get(0).text();
            case RECOVERED ->
                "Recovered, " + problems + ": " + recovered(alert.notes().get(0));
            case TEST -> "Test of alerts: nothing is wrong";
        };
    }

    /** Returns the full text. Each line ends with a line feed. */
    static String body(Alert alert, AlertSender sender) {
        StringBuilder body = new StringBuilder();
        body.append(introduction(alert)).append('\n');
        for (AlertNote each : alert.notes()) {
            body.append('\n');
            if (alert.type() == Alert.Type.RECOVERED) {
                body.append(recovered(each))
                        .append(".\n  It was: ")
                        .append(each.text())
                        .append(".\n");
            } else {
                body.append(each.severity().word())
                        .append(": ")
                        .append(each.text())
                        .append(".\n");
                appendPorts(each.ports().stream().toList(), body);
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
                .append(alert.at().truncatedTo(ChronoUnit.SECONDS))
                .append(". Alert: ")
                .append(alert.id())
                .append(".\n`sendport status` shows the present state.\n")
                .toString();
    }

    private static String introduction(Alert alert) {
        boolean isSingular = alert.notes().size() == 1;
        return switch (alert.type()) {
            case FIRING -> isSingular ? "This problem needs attention:" : "These problems need attention:";
            case REMINDER ->
                isSingular ? "This problem still needs attention:" : "These problems still need attention:";
            case RECOVERED -> isSingular ? "This problem is over:" : "These problems are over:";
            case TEST -> "This is a test. Alerts of Sendport arrive here.";
        };
    }

    private static void appendPorts(List<String> ports, StringBuilder body) {
        if (!ports.isEmpty()) {
            body.append(ports.size() == 1 ? "  Port: " : "  Ports: ")
                    .append(String.join(", ", ports))
                    .append(".\n");
        }
    }

    private static String recovered(AlertNote note) {
        return note.kind().word() + " of " + note.kind().subject().word() + " " + note.subject() + " is over";
    }
}
