package io.sendport.config.read;

import io.sendport.api.message.Context;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.config.ConsoleSettings;
import io.sendport.config.Network;
import io.sendport.config.SubmissionSettings;
import io.sendport.config.SubmissionSettings.Mapping;
import io.sendport.config.port.SendPort;
import io.sendport.config.port.SendPortGroup;
import io.sendport.support.Domains;
import io.sendport.support.LoopbackAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads {@code <submission>}. */
final class SubmissionBuilder {

    /** A field name of a mail (RFC 5322 section 3.6.8). */
    private static final Pattern FIELD = Pattern.compile("[!-9;-~]{1,76}");

    private SubmissionBuilder() {}

    /** The settings. Problems are added to {@code problems}. */
    static SubmissionSettings submission(Settings submission, List<Problem> problems) {
        ConfigurationBuilder.atMostOne(submission, "tls", problems);
        String address = submission.text("address", "127.0.0.1");
        boolean isLoopback = LoopbackAddress.isOf(address);
        boolean logOn = submission.flag("logOn", !isLoopback);
        Optional<ConsoleSettings.Tls> tls = submission.child("tls").map(each -> ConsoleBuilder.tls(each, problems));
        List<Network> allow = new ArrayList<>();
        for (Settings each : submission.children("allow")) {
            try {
                allow.add(Network.parse(each.text("network", "")));
            } catch (IllegalArgumentException e) {
                problems.add(each.problem("network", String.valueOf(e.getMessage()), ""));
            }
        }
        if (!isLoopback && submission.children("allow").isEmpty()) {
            problems.add(submission.problem(
                    "address",
                    "\"" + address + "\" can be reached from other machines, but no network is allowed to submit mail",
                    "add <allow network=\"10.1.0.0/16\"/> with the clients' networks, or leave address out"));
        }
        if (logOn && tls.isEmpty()) {
            problems.add(submission.problem(
                    "logOn",
                    "clients cannot log on: passwords are accepted only over TLS, but a certificate is missing",
                    "add <tls keyStore=\"...\" password=\"...\"/>, or logOn=\"false\" to rely on their networks only"));
        }
        if (!isLoopback && !logOn) {
            problems.add(Problem.warning(
                    submission.originOf("logOn"),
                    "<submission> logOn",
                    "anyone in " + allow + " can send mail through the mapped ports without logging on",
                    "leave logOn out if the clients can log on; otherwise nothing has to be done"));
        }
        List<Mapping> mappings = new ArrayList<>();
        submission.children("map").forEach(each -> mappings.add(mapping(each, logOn, problems)));
        if (mappings.isEmpty()) {
            problems.add(
                    Problem.error(
                            submission.origin(),
                            "<submission>",
                            "has no <map>, so it would refuse every mail",
                            "add <map port=\"NAME\"/> for each port that may receive mail; such a port has <dynamic domains=\"...\"/>"));
        }
        List<SubmissionSettings.Promoted> promoted = new ArrayList<>();
        submission.children("promote").forEach(each -> promoted.add(promoted(each, problems)));
        return new SubmissionSettings(
                address,
                submission.number("port", SubmissionSettings.STANDARD_PORT),
                logOn,
                allow,
                tls,
                submission.number("maxConnections", SubmissionSettings.STANDARD_CONNECTIONS),
                submission.number("maxRecipients", SubmissionSettings.STANDARD_RECIPIENTS),
                submission.flag("dedupe", true),
                mappings,
                promoted,
                submission.origin());
    }

    private static Mapping mapping(Settings map, boolean logOn, List<Problem> problems) {
        if (!logOn && map.text("user").isPresent()) {
            problems.add(Problem.warning(
                    map.originOf("user"),
                    "<map> user",
                    "no mail matches this <map>: without a log-on, a client has no user",
                    "leave user out, or let the clients log on"));
        }
        Optional<Domains> domains = Optional.empty();
        try {
            domains = map.text("recipientDomain").map(Domains::parse);
        } catch (IllegalArgumentException e) {
            problems.add(map.problem(
                    "recipientDomain", String.valueOf(e.getMessage()), "expected a domain such as customer.example"));
        }
        return new Mapping(
                map.text("user"),
                map.text("from"),
                domains,
                map.text("port"),
                map.text("content", "whole").equals("parts")
                        ? SubmissionSettings.Content.PARTS
                        : SubmissionSettings.Content.WHOLE);
    }

    private static SubmissionSettings.Promoted promoted(Settings promote, List<Problem> problems) {
        String header = promote.text("header", "");
        String property = promote.text("property", header);
        if (!FIELD.matcher(header).matches()) {
            problems.add(promote.problem(
                    "header",
                    "\"" + header + "\" is not a valid header field name",
                    "use letters, digits and hyphens, such as X-Order-No"));
        }
        try {
            Context.empty().with(property, "");
        } catch (IllegalArgumentException e) {
            problems.add(
                    promote.problem("property", String.valueOf(e.getMessage()), "expected a name such as OrderNo"));
        }
        return new SubmissionSettings.Promoted(header, property);
    }

    /** Checks that each port that mail is mapped to exists and takes its recipients from the message. */
    static void checkPorts(
            Settings submission, Map<String, SendPort> ports, List<SendPortGroup> groups, List<Problem> problems) {
        for (Settings map : submission.children("map")) {
            if (!map.has("port")) {
                checkSubscribers(map, ports, groups, problems);
            }
            map.text("port").ifPresent(name -> {
                SendPort port = ports.get(name);
                if (port == null) {
                    problems.add(map.problem(
                            "port", "\"" + name + "\" does not exist", "expected one of " + ports.keySet()));
                } else if (port.dynamic().isEmpty()) {
                    problems.add(map.problem(
                            "port",
                            "port " + name + " has fixed recipients, so the recipients of the mail would be ignored",
                            "add <dynamic domains=\"customer.example\"/> to the port,"
                                    + " with the domains that clients may send to"));
                }
            });
        }
    }

    /** Checks the ports that may get the mail when no port is named. */
    private static void checkSubscribers(
            Settings map, Map<String, SendPort> ports, List<SendPortGroup> groups, List<Problem> problems) {
        Set<String> names = new TreeSet<>();
        ports.values().stream().filter(port -> port.subscription().isPresent()).forEach(port -> names.add(port.name()));
        groups.stream()
                .filter(group -> group.subscription().isPresent())
                .forEach(group -> names.addAll(group.members()));
        names.removeIf(
                name -> !ports.containsKey(name) || ports.get(name).dynamic().isPresent());
        if (!names.isEmpty()) {
            problems.add(
                    Problem.error(
                            map.origin(),
                            "<map>",
                            "without port, it passes mail to every port that subscribes, but ports " + names
                                    + " have fixed recipients, so the recipients of the mail would be ignored",
                            "set port in <map> to a port with <dynamic>, or add <dynamic domains=\"...\"/> to the ports with fixed recipients"));
        }
    }
}
