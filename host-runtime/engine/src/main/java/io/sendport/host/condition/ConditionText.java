package io.sendport.host.condition;

import io.sendport.support.text.Text;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

/** The texts of conditions for operators: a sentence that states the problem, and the next step. This class contains all of them. */
public final class ConditionText {

    private static final int MAX_NAMES = 3;

    private ConditionText() {}

    /** Returns the problem, without a final period. */
    public static String sentence(Condition condition) {
        String name = condition.subject().name();
        String detail = condition.detail().isEmpty() ? "" : ": " + condition.detail();
        String since = " since " + second(condition.since());
        String attempts = condition.count() > 0
                ? " (" + Text.counted(condition.count(), "failed attempt") + next(condition) + ")"
                : "";
        String messages = Text.counted(condition.count(), "message") + (condition.count() == 1 ? " is" : " are");
        return switch (condition.kind()) {
            case STORE_UNAVAILABLE -> "The message box has been unavailable" + since + detail;
            case STORE_LOST -> "The database lost commits that it had acknowledged. Sending has stopped" + detail;
            case DISK_FULL -> "Submissions are refused, because disk space is short" + detail;
            case DISK_LOW -> "Disk space is getting short" + detail;
            case LOG_HELD_BACK -> "A reader has kept the write-ahead log from being checkpointed" + since + detail;
            case STORE_EXPOSED -> "Other users of this machine can read the message box" + detail;
            case CLOCK_CHANGED -> "The clock was changed, or is wrong" + detail;
            case INSTANCE_DIED ->
                "Instance " + name + " ended unexpectedly. It was last seen at " + second(condition.since())
                        + (condition.count() > 0
                                ? ". It was working on " + Text.counted(condition.count(), "message")
                                : "");
            case NO_INSTANCE ->
                "No instance of host " + name + " is running"
                        + (condition.count() > 0 ? "; " + messages + " waiting" : "");
            case LEASE_LAPSED -> "Instance " + name + " sends nothing, because it cannot renew its lease" + detail;
            case INSTANCE_FAULT -> capitalized(name) + " has been failing" + since + detail;
            case CONFIGURATION_REJECTED ->
                "The new configuration was rejected. The previous one is still active" + detail;
            case PORT_MISCONFIGURED ->
                "Port " + name + " does not run, because its configuration is wrong or incomplete" + detail;
            case ALERTS_FAILING -> "Alerts through channel " + name + " have been failing" + since + attempts + detail;
            case PORT_REMOVED ->
                "Port " + name + " has " + Text.counted(condition.count(), "message")
                        + ", but the configuration no longer has this port";
            case PORT_STOPPED -> "Port " + name + " has been " + condition.detail() + "; " + messages + " waiting";
            case RELAY_UNREACHABLE -> "Relay " + name + " has been unreachable" + since + attempts + detail;
            case RELAY_SILENT -> "Relay " + name + " has not answered" + since + attempts + detail;
            case RELAY_REFUSES -> "Relay " + name + " has refused mail from this machine" + since + attempts + detail;
            case RELAY_CERTIFICATE_REFUSED ->
                "The certificate of relay " + name + " has not been trusted" + since + attempts + detail;
            case RELAY_CERTIFICATE_DATES ->
                "The certificate of relay " + name + " has expired or is not yet valid; deliveries have failed" + since
                        + attempts + detail;
            case RELAY_TLS_MISSING ->
                "Relay " + name + " has not offered the TLS that the port requires" + since + attempts + detail;
            case PORT_PAUSED -> "Port " + name + " is paused" + until(condition) + detail;
            case AUDIT_RELAY_FAULT -> "The embedded audit relay of host " + name + " needs attention" + detail;
            case TOKEN_UNAVAILABLE -> "Sendport has had no access token for relay " + name + since + attempts + detail;
            case CREDENTIAL_REFUSED -> "Relay " + name + " has refused the log-on" + since + attempts + detail;
            case CERTIFICATE_EXPIRED ->
                "Certificate " + name + " expired on "
                        + condition.until().map(ConditionText::second).orElse("an unknown date");
            case CERTIFICATE_EXPIRING ->
                "Certificate " + name + " is valid only until "
                        + condition.until().map(ConditionText::second).orElse("an unknown date");
            case COMPONENT_SLOW ->
                "Component " + name.replaceFirst("^component ", "") + " has been busy with one message" + since
                        + detail;
            case FEED_FAILING -> "The feeds of host " + name + " have been failing" + since + detail;
            case SUBMISSIONS_REFUSED ->
                Text.counted(condition.count(), "submission") + " of role " + name
                        + (condition.count() == 1 ? " was" : " were") + " refused, and will not be sent";
            case SUBMISSIONS_WAITING ->
                "Submissions in the outbox of the message box have been waiting" + since + detail;
            case CHECKPOINT_OVERDUE -> "Signing of the audit ledger has been failing" + since + detail;
            case TIME_STAMP_OVERDUE -> "Checkpoints of the audit ledger are waiting for a time stamp" + detail;
            case MESSAGES_IN_DOUBT ->
                ports(condition) + ": " + Text.counted(condition.count(), "message") + " in doubt"
                        + (detail.isEmpty() ? ": it is unknown whether the mail left" : detail);
            case MESSAGES_SUSPENDED ->
                ports(condition) + ": " + Text.counted(condition.count(), "suspended message") + detail;
            case ORDER_BLOCKED -> "Port " + name + " is blocked, to keep its messages in order" + detail;
            case MESSAGES_DEFERRED ->
                "Port " + name + " is retrying " + Text.counted(condition.count(), "message") + next(condition)
                        + detail;
            case MESSAGES_LATE -> "Port " + name + ": the oldest message has been waiting" + since + detail;
            case PORT_SILENT -> "Port " + name + " has delivered fewer messages than expected" + detail;
        };
    }

    private static String ports(Condition condition) {
        return (condition.ports().size() > 1 ? "Ports " : "Port ")
                + condition.subject().name();
    }

    private static String capitalized(String name) {
        return name.isEmpty() ? name : Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /** Returns the first step for an operator, without a final period. */
    public static String nextStep(Condition condition) {
        String name = condition.subject().name();
        String doctor = condition.ports().isEmpty()
                ? "`sendport doctor`"
                : "`sendport doctor --port " + quoted(condition.ports().first()) + "`";
        return switch (condition.kind()) {
            case STORE_UNAVAILABLE ->
                "Check the database, or the disk that holds the message box. Sending resumes automatically";
            case STORE_LOST -> "Follow docs/postgresql.md, then run `sendport store accept-loss --reason ...`";
            case DISK_FULL, DISK_LOW -> "Free disk space, or move the message box to a larger disk";
            case LOG_HELD_BACK -> "Stop the program that holds the message box open for reading";
            case STORE_EXPOSED -> "Remove the other users' access: run `chmod 700` on the folder";
            case CLOCK_CHANGED -> "Compare the machine's clock with a time server";
            case INSTANCE_DIED -> "Restart it with `sendport run`. It resumes its work";
            case NO_INSTANCE -> "Start the host with `sendport run`";
            case LEASE_LAPSED -> "Check that the instance can reach the database";
            case INSTANCE_FAULT -> "See the log of the process. If the fault persists, restart the process";
            case CONFIGURATION_REJECTED ->
                "Correct the file and run `sendport validate`. Running instances then load it automatically";
            case PORT_MISCONFIGURED -> "Correct the configuration and run `sendport validate`, then `sendport reload`";
            case ALERTS_FAILING ->
                "Correct the channel in <alerts>, or ask the administrator of its server. Then run `sendport alerts test`."
                        + " Sendport keeps unsent alerts for a day";
            case PORT_REMOVED ->
                "Put the port back, or end its messages: `sendport messages terminate --port " + quoted(name) + "`";
            case PORT_STOPPED ->
                "If it should run: `sendport ports start " + quoted(name) + "`; `sendport audit search --port "
                        + quoted(name) + " --kind PORT_STATE` shows who stopped it";
            case RELAY_UNREACHABLE, RELAY_SILENT ->
                "Run " + doctor
                        + "; if it fails, ask the relay's administrator. The port retries waiting messages automatically";
            case RELAY_REFUSES ->
                "Run " + doctor + " to see the relay's reply, then ask its administrator to allow this machine";
            case RELAY_CERTIFICATE_REFUSED ->
                "Run " + doctor + "; add the issuer's certificate to trustStore, or correct host";
            case RELAY_CERTIFICATE_DATES ->
                "Check this machine's clock, then ask the relay's administrator to renew the certificate";
            case RELAY_TLS_MISSING ->
                "Run " + doctor
                        + "; ask the relay's administrator to enable STARTTLS, or use tls=\"implicit\" on TCP port 465";
            case PORT_PAUSED ->
                condition.until().isPresent()
                        ? "No action is needed if this is intended; sending resumes automatically. `sendport replies test --port "
                                + quoted(name) + " REPLY` shows which rule applies"
                        : "Fix the cause, then `sendport ports start " + quoted(name)
                                + "`, or `sendport reload` if the port is started";
            case AUDIT_RELAY_FAULT ->
                "Check the folder of the archive, its disk, and the connection to the next hop. If the next hop refused a mail, failed/"
                        + " contains the mail and the reason: fix the cause, then move the file to waiting/";
            case TOKEN_UNAVAILABLE ->
                "Run " + doctor
                        + "; check that this machine can reach the token server. The port retries automatically";
            case CREDENTIAL_REFUSED ->
                "Correct user or password, then `sendport reload`, which retries the account immediately";
            case CERTIFICATE_EXPIRED ->
                "Replace the certificate, or ask the relay's administrator to do so. Then resume the suspended messages";
            case CERTIFICATE_EXPIRING -> "Renew the certificate and install the new one before that date";
            case COMPONENT_SLOW ->
                "Find out what the component is waiting for. To suspend such messages instead, set timeout=\"...\" on the component";
            case FEED_FAILING -> "Correct the route, its source or the settings of the feed; the log has the details";
            case SUBMISSIONS_REFUSED ->
                "`sendport audit search --kind NOT_TAKEN` shows the reasons; then correct or delete the rows: docs/outbox.md";
            case SUBMISSIONS_WAITING ->
                "Start a host with `sendport run` if none runs. Otherwise see the other conditions, and the limits of the port";
            case CHECKPOINT_OVERDUE -> "Check the folder of the ledger's key and checkpoints";
            case TIME_STAMP_OVERDUE -> "Check the time stamp server. Sendport retries automatically";
            case MESSAGES_IN_DOUBT ->
                "Check whether each message arrived. If it did: `sendport messages resolve --delivered ID`; if not:"
                        + " `sendport messages resume ID`";
            case MESSAGES_SUSPENDED ->
                "Fix the cause, then `sendport messages resume" + options(condition)
                        + " --state suspended`; `sendport messages explain ID` shows the history of one message";
            case ORDER_BLOCKED ->
                "Resume or terminate the first message of the queue. `sendport messages explain ID` shows its history";
            case MESSAGES_DEFERRED ->
                "No action is needed yet: the port retries them. If this lasts, ask the relay's administrator";
            case MESSAGES_LATE ->
                "See the other conditions of the port; `sendport messages list --port " + quoted(name) + "`";
            case PORT_SILENT ->
                "See the other conditions of the port. If there are none, check that the application still submits messages,"
                        + " and that its feed runs";
        };
    }

    /** Returns a {@code --port} option for each port of the condition. */
    private static String options(Condition condition) {
        return condition.ports().stream().map(port -> " --port " + quoted(port)).collect(Collectors.joining());
    }

    private static String next(Condition condition) {
        return condition.until().map(at -> ", next attempt at " + second(at)).orElse("");
    }

    private static String until(Condition condition) {
        return condition.until().map(at -> " until " + second(at)).orElse("");
    }

    private static String second(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Returns a name as a command argument, quoted for a shell if needed. */
    public static String quoted(String name) {
        return name.matches("[\\w.@%+:/-]+") ? name : "'" + name.replace("'", "'\\''") + "'";
    }

    /** Returns the first names of a list, and the number of the others. */
    public static String named(List<String> names) {
        return names.size() <= MAX_NAMES
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, MAX_NAMES)) + " and " + (names.size() - MAX_NAMES) + " more";
    }
}
