package io.sendport.console.pages;

import com.fasterxml.jackson.databind.JsonNode;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.PortAct;
import io.sendport.host.condition.ConditionText;
import io.sendport.host.condition.Severity;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Kind;
import io.sendport.host.operate.Ages;
import io.sendport.host.operate.ConditionView;
import io.sendport.host.operate.ListedMessage;
import io.sendport.host.operate.PortNeed;
import io.sendport.host.operate.StatusView;
import io.sendport.support.text.Text;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Addresses and words that several pages use. */
public final class Links {

    private static final int BRIEF = 8;
    private static final Pattern PSEUDONYM = Pattern.compile("(hmac:[0-9a-f]{" + BRIEF + "})[0-9a-f]+");
    private static final List<String> DETAILS = List.of("state", "actor", "reason", "relay", "detail", "next");

    private Links() {}

    /** A number of messages in words: {@code 1 message}, {@code 2 messages}. */
    public static String messages(long number) {
        return Text.counted(number, "message");
    }

    /** The address of exactly those messages that a condition concerns. */
    public static String to(ConditionView.Messages messages) {
        List<String> parameters = new ArrayList<>();
        messages.ports().forEach(port -> parameters.add("port=" + encoded(port)));
        parameters.add("state="
                + encoded(messages.states().stream().map(MessageState::word).collect(Collectors.joining(","))));
        return "/messages?" + String.join("&", parameters);
    }

    /** The address of the page of a port. */
    public static String toPort(String name) {
        return "/ports/" + encoded(name);
    }

    /** The address of the messages at a port in a state; in any state when {@code state} is empty. */
    public static String toMessages(String port, String state) {
        return "/messages?port=" + encoded(port) + (state.isEmpty() ? "" : "&state=" + encoded(state));
    }

    /** The address of the messages that a row of counts concerns, as far as a search can express it. */
    public static String toCounted(Filter filter, JsonNode counted) {
        Filter narrowed = filter.without("by");
        for (String name : List.of("port", "state")) {
            if (counted.path(name).isTextual()) {
                narrowed = narrowed.with(name, counted.path(name).asText());
            }
        }
        return "/messages" + narrowed.parameters("?");
    }

    /** The address of the page of a message. */
    public static String toMessage(MessageId id) {
        return "/messages/" + encoded(id.value());
    }

    /** Encodes {@code text} as part of an address. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The first eight characters of an id, or all of a shorter one. */
    public static String brief(String id) {
        return id.substring(0, Math.min(BRIEF, id.length()));
    }

    /** {@code text} with only the first digits of each pseudonym: these distinguish people well enough on a page. */
    public static String withBriefPseudonyms(String text) {
        return PSEUDONYM.matcher(text).replaceAll("$1...");
    }

    /** {@code word} with an initial capital letter. */
    public static String capital(String word) {
        return word.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    /** The acts that the page offers, in order. */
    public static List<MessageAct> offered(Set<MessageAct> acts) {
        return acts.stream().filter(act -> act != MessageAct.ROUTE).sorted().toList();
    }

    /** The acts that the page does not offer. */
    public static List<MessageAct> notOffered(Set<MessageAct> acts) {
        return Arrays.stream(MessageAct.values())
                .filter(act -> act != MessageAct.ROUTE && !acts.contains(act))
                .toList();
    }

    /** The label of the button for an act. */
    public static String label(MessageAct act) {
        return switch (act) {
            case FORCE -> "Force resume";
            case REASSEMBLE -> "Reassemble and resume";
            case RESOLVE -> "Resolve (the mail has arrived)";
            case HOLD -> "Put on hold (keep the content)";
            case RELEASE -> "Release from hold";
            default -> capital(act.word());
        };
    }

    /** The confirmation question before an act that cannot be undone; null for other acts. */
    public static @Nullable String question(MessageAct act, MessageState state) {
        if (act == MessageAct.TERMINATE) {
            return state == MessageState.IN_DOUBT
                    ? "Terminate this message? It is not sent again, and its recipients may already have it."
                    : "Terminate this message? It is not sent to those who have not got it yet.";
        }
        if (act == MessageAct.RESOLVE) {
            return "Resolve this message? It becomes done and is not sent again.";
        }
        if (act == MessageAct.RELEASE && state.isEnd()) {
            return "Release this message? Its content is deleted when its retention period is over, which may be now.";
        }
        if (state == MessageState.IN_DOUBT && !act.isAboutKeeping()) {
            return "Send this message again? Its recipients may already have it.";
        }
        return act == MessageAct.FORCE ? "Send this message once now, even if its port is stopped?" : null;
    }

    /** The confirmation question before a port takes no more messages; null for other acts. */
    public static @Nullable String question(PortAct act, String port) {
        return act == PortAct.UNENLIST
                ? "Unenlist port " + port + "? It refuses new messages from then on, and those that wait are not sent."
                : null;
    }

    /** The confirmation question before an act on all ports of a host. */
    public static String questionForAll(PortAct act, String host) {
        return capital(act.word()) + " all ports of host " + host + "? "
                + switch (act) {
                    case START -> "They send the messages that wait.";
                    case STOP -> "They accept messages but send none.";
                    case ENLIST -> "They accept messages but are not started.";
                    case UNENLIST -> "They refuse new messages, and messages that wait are not sent.";
                };
    }

    /** Whether Sendport attempts a message in this state without an operator. */
    public static boolean isDue(MessageState state) {
        return state == MessageState.WAITING || state == MessageState.RETRYING;
    }

    /** A page as the value of {@code srcdoc} in double quotes. The template engine itself writes nothing into that attribute. */
    public static String srcdoc(String text) {
        return text.replace("&", "&amp;")
                .replace("\"", "&quot;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
    }

    /** The verdict. Names the failing ports, unless all shown {@code ports} fail. */
    public static String verdict(StatusView status, int ports) {
        String verdict = capital(words(status.verdict().word()));
        List<ConditionView> failing = status.conditions().stream()
                .filter(each -> each.severity() == Severity.FAILING)
                .toList();
        List<String> names = failing.stream()
                .flatMap(each -> each.messages().stream())
                .flatMap(each -> each.ports().stream())
                .distinct()
                .sorted()
                .toList();
        boolean isElsewhere = failing.stream().anyMatch(each -> each.messages().isEmpty());
        return names.isEmpty() || isElsewhere || names.size() >= ports
                ? verdict
                : verdict + " at " + ConditionText.named(names);
    }

    /** The first recipient of a message, and the number of others; empty before the pipeline has made a mail. */
    public static String recipients(ListedMessage listed) {
        return listed.recipient()
                .map(first -> first + (listed.recipients() == 1 ? "" : " and " + (listed.recipients() - 1) + " more"))
                .orElse("");
    }

    /** A time in UTC, to the second. */
    public static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", "");
    }

    /** A number of seconds in readable form; empty for no number. */
    public static String age(OptionalLong seconds) {
        return seconds.isPresent() ? Ages.brief(Duration.ofSeconds(seconds.getAsLong())) : "";
    }

    /** The reason why a port is waiting; empty for none. */
    public static String need(Optional<PortNeed> need) {
        return need.map(PortNeed::word).orElse("");
    }

    /** Turns {@code deliveringWithProblems} into separate words. */
    public static String words(String word) {
        return word.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    /** A piece of a sentence: text or a command. */
    public record Piece(String text, boolean isCommand) {}

    /** Splits a sentence into pieces. Text between backticks is a command. */
    public static List<Piece> pieces(String sentence) {
        List<Piece> pieces = new ArrayList<>();
        String[] parts = sentence.split("`", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean isCommand = i % 2 == 1;
            pieces.add(new Piece(isCommand ? parts[i] : withBriefPseudonyms(parts[i]), isCommand));
        }
        return pieces;
    }

    /** A problem of a configuration on one line, with its location. */
    public static String problem(Map<String, Object> problem) {
        return problem.get("file") + ":" + problem.get("line") + ":" + problem.get("column") + ": "
                + problem.get("message");
    }

    /** The words that users see for a constant. */
    public static String word(Enum<?> constant) {
        return words(Text.word(constant));
    }

    /** The kind of a record in words. */
    public static String kind(AuditRecord record) {
        return kind(record.header("kind"));
    }

    /** The name of a kind in words. */
    public static String kind(String kind) {
        return kind.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The fields of an object on one line. */
    public static String fields(JsonNode object) {
        if (object.isArray()) {
            List<String> items = new ArrayList<>();
            object.forEach(each -> items.add(fields(each)));
            return String.join("; ", items);
        }
        return object.isObject()
                ? object.properties().stream()
                        .filter(each -> !each.getValue().isNull())
                        .map(each -> words(each.getKey()) + ": " + fields(each.getValue()))
                        .collect(Collectors.joining(", "))
                : object.asText();
    }

    /** The terms of a search on one line. */
    public static String search(JsonNode search) {
        return search.properties().stream()
                .map(each -> each.getKey() + " "
                        + each.getValue()
                                .valueStream()
                                .map(JsonNode::asText)
                                .map(text -> each.getKey().equals("state") ? words(text) : text)
                                .collect(Collectors.joining(" or ")))
                .collect(Collectors.joining(", "));
    }

    /** The kinds of records that some port has in a report. */
    public static List<String> counted(JsonNode counts) {
        return Arrays.stream(Kind.values())
                .map(Kind::name)
                .filter(kind -> counts.valueStream().anyMatch(line -> line.has(kind)))
                .toList();
    }

    /** As {@link #details(AuditRecord)}, for a record from the API. */
    public static String details(JsonNode record) {
        return DETAILS.stream()
                .filter(name -> record.path(name).isTextual())
                .map(name -> name + ": " + record.path(name).asText())
                .collect(Collectors.joining("; "));
    }

    /** The details of a record beyond its kind: actor, reason, relay, detail and next step. */
    public static String details(AuditRecord record) {
        return DETAILS.stream()
                .filter(name -> !record.detail(name).isEmpty())
                .map(name -> name + ": " + record.detail(name))
                .collect(Collectors.joining("; "));
    }
}
