package io.sendport.host.condition;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What operators read of conditions: a sentence that says what is the matter, and the next step. The only place that has these words. */
public final class ConditionText {

    private static final int NAMED = 3;

    private ConditionText() {}

    /** What is the matter, without the end of a sentence. */
    public static String sentence(Condition condition) {
        String name = condition.subject().name();
        String detail = condition.detail().isEmpty() ? "" : ": " + condition.detail();
        String since = " since " + second(condition.since());
        String attempts = condition.count() > 0
                ? " (" + counted(condition.count(), "failed attempt") + next(condition) + ")"
                : "";
        return switch (condition.kind()) {
            case STORE_AWAY -> "The message box cannot be used" + since + detail;
            case STORE_LOST -> "The database lost what it had acknowledged. Nothing is claimed" + detail;
            case DISK_FULL -> "Submissions are refused, because disk space is short" + detail;
            case DISK_LOW -> "Disk space is getting short" + detail;
            case LOG_HELD_BACK -> "The write-ahead log cannot shrink" + since + detail;
            case STORE_EXPOSED -> "Others on this machine can read the message box" + detail;
            case CLOCK_CHANGED -> "The clock was changed, or is wrong" + detail;
            case INSTANCE_DIED ->
                "Instance " + name + " ended without a word; last seen at " + second(condition.since())
                        + (condition.count() > 0
                                ? ". It had " + counted(condition.count(), "message") + " in hand"
                                : "");
            case NO_INSTANCE ->
                counted(condition.count(), "message") + " waiting, and no instance of host " + name + " is running";
            case LEASE_LAPSED -> "Instance " + name + " sends nothing, because it cannot renew its lease" + detail;
            case INSTANCE_FAULT -> name + " does not do its work" + since + detail;
            case CONFIGURATION_REJECTED ->
                "The new configuration was rejected. The previous one is still active" + detail;
            case PORT_MISCONFIGURED ->
                "Port " + name + " does not run, because its configuration is wrong or incomplete" + detail;
            case PORT_REMOVED ->
                "Port " + name + " has " + counted(condition.count(), "message")
                        + ", and the configuration has no such port any more";
            case PORT_STOPPED ->
                "Port " + name + " is " + condition.detail() + ", and " + counted(condition.count(), "message")
                        + " waiting there";
            case RELAY_UNREACHABLE -> "Relay " + name + " cannot be reached" + since + attempts + detail;
            case RELAY_SILENT -> "Relay " + name + " does not answer" + since + attempts + detail;
            case RELAY_TURNS_AWAY -> "Relay " + name + " turns this machine away" + since + attempts + detail;
            case RELAY_CERTIFICATE_REFUSED ->
                "The certificate of relay " + name + " is not trusted" + since + attempts + detail;
            case RELAY_CERTIFICATE_EXPIRED ->
                "The certificate of relay " + name + " is out of date" + since + attempts + detail;
            case RELAY_TLS_MISSING ->
                "Relay " + name + " gives no TLS, and the port requires it" + since + attempts + detail;
            case PORT_RESTS -> "Port " + name + " rests" + until(condition) + detail;
            case AUDIT_RELAY_FAULT -> "The embedded audit relay of host " + name + " does not do its work" + detail;
            case CREDENTIAL_REFUSED -> "Relay " + name + " refused the account" + since + until(condition) + detail;
            case CERTIFICATE_EXPIRING ->
                "Certificate " + name + " expires on "
                        + condition.until().map(ConditionText::second).orElse("an unknown date");
            case COMPONENT_SLOW -> "Component " + name + " has been busy with a message" + since + detail;
            case FEED_FAILING -> "The feeds of host " + name + " do not run as they should" + since + detail;
            case CHECKPOINT_OVERDUE ->
                "The audit ledger has not been signed since " + second(condition.since()) + detail;
            case TIME_STAMP_OVERDUE -> "Checkpoints of the audit ledger wait for a time stamp" + detail;
            case MESSAGES_IN_DOUBT ->
                "Port " + name + ": the relay may have " + counted(condition.count(), "message")
                        + ", and no answer says so" + detail;
            case MESSAGES_SUSPENDED ->
                "Port " + name + " has " + counted(condition.count(), "suspended message") + detail;
            case ORDER_BLOCKED -> "Port " + name + " sends nothing, to keep the order" + detail;
            case MESSAGES_DEFERRED ->
                "Port " + name + " is retrying " + counted(condition.count(), "message") + next(condition) + detail;
            case MESSAGES_LATE ->
                "Port " + name + ": the oldest message has been waiting since " + second(condition.since()) + detail;
            case PORT_SILENT -> "Port " + name + " has had fewer messages than expected" + detail;
        };
    }

    /** What an operator does first. */
    public static String nextStep(Condition condition) {
        String name = condition.subject().name();
        String doctor = condition.ports().isEmpty()
                ? "`sendport doctor`"
                : "`sendport doctor --port " + quoted(condition.ports().first()) + "`";
        return switch (condition.kind()) {
            case STORE_AWAY -> "Check the database or the disk it is on; sending goes on by itself once it answers";
            case STORE_LOST -> "See docs/postgresql.md, then `sendport store accept-loss --reason ...`";
            case DISK_FULL, DISK_LOW -> "Free disk space, or move the message box to a larger disk";
            case LOG_HELD_BACK ->
                "End the program that reads the message box for so long; the sentence names it where it is known";
            case STORE_EXPOSED -> "Close the folder to others: `chmod 700` on it";
            case CLOCK_CHANGED -> "Compare the machine's clock with a time server";
            case INSTANCE_DIED -> "Start it again with `sendport run`; it takes its work back";
            case NO_INSTANCE -> "Start the host with `sendport run`";
            case LEASE_LAPSED -> "Check that the instance reaches the database";
            case INSTANCE_FAULT -> "See the log of the process; restart it if the fault stays";
            case CONFIGURATION_REJECTED ->
                "Correct the file and run `sendport validate`; it is then taken over by itself";
            case PORT_MISCONFIGURED ->
                "Correct what the sentence names and run `sendport validate`, then `sendport reload`";
            case PORT_REMOVED ->
                "Put the port back, or end its messages: `sendport messages terminate --port " + quoted(name) + "`";
            case PORT_STOPPED ->
                "`sendport audit search --port " + quoted(name)
                        + " --kind PORT_STATE` says who stopped it; `sendport ports start " + quoted(name)
                        + "` starts it";
            case RELAY_UNREACHABLE, RELAY_SILENT ->
                "Run " + doctor + "; ask the relay's administrator. Messages are tried again by themselves";
            case RELAY_TURNS_AWAY ->
                "Ask the relay's administrator to allow this machine; " + doctor + " shows what it says";
            case RELAY_CERTIFICATE_REFUSED ->
                "Run " + doctor + "; put the issuer's certificate into trustStore, or correct host";
            case RELAY_CERTIFICATE_EXPIRED -> "Ask the relay's administrator to renew its certificate";
            case RELAY_TLS_MISSING ->
                "Run " + doctor + "; have STARTTLS enabled at the relay, or use a port that speaks TLS";
            case PORT_RESTS ->
                condition.until().isPresent()
                        ? "Nothing, if that is as intended; `sendport replies` explains the rule"
                        : "Mend the cause, then `sendport ports start " + quoted(name) + "`";
            case AUDIT_RELAY_FAULT -> "Check the folder of the archive and its disk";
            case CREDENTIAL_REFUSED ->
                "Correct user or password, then `sendport reload`: it tries the account again at once";
            case CERTIFICATE_EXPIRING -> "Have it renewed, and put the new one in its place in time";
            case COMPONENT_SLOW ->
                "See what the component waits for; set timeout=\"...\" on it, and its message is suspended instead";
            case FEED_FAILING -> "Correct the route or what it reads from; the log has the whole failure";
            case CHECKPOINT_OVERDUE -> "Check the folder of the ledger's key and checkpoints";
            case TIME_STAMP_OVERDUE -> "Check the time stamp server; stamps are asked for again by themselves";
            case MESSAGES_IN_DOUBT ->
                "Look whether they arrived, then `sendport messages resolve --delivered ID`, or `sendport messages resume ID` where not";
            case MESSAGES_SUSPENDED ->
                "Mend the cause, then `sendport messages resume --port " + quoted(name)
                        + "`; `sendport messages explain ID` tells the whole story of one";
            case ORDER_BLOCKED -> "Resume or terminate the message in front: `sendport messages explain ID`";
            case MESSAGES_DEFERRED ->
                "Nothing at first: they are tried again by themselves. If it lasts, ask the relay's administrator";
            case MESSAGES_LATE ->
                "See the other conditions of the port; `sendport messages list --port " + quoted(name) + "`";
            case PORT_SILENT -> "See whether the application that submits still does";
        };
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

    private static String counted(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /** A name as an argument of a command, quoted where a shell needs that. */
    public static String quoted(String name) {
        return name.matches("[\\w.@%+:/-]+") ? name : "'" + name.replace("'", "'\\''") + "'";
    }

    /** Some names of many. */
    public static String named(List<String> names) {
        return names.size() <= NAMED
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, NAMED)) + " and " + (names.size() - NAMED) + " more";
    }
}
