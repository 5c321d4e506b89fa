package io.sendport.component.dkim;

import io.sendport.support.Failures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/**
 * Looks up TXT records with the JDK's DNS client. Unlike JNDI's other clients, it reads only strings of at most 64 KB, and never
 * deserializes objects from a server's response. A lookup takes at most 14 seconds with three name servers.
 */
final class TxtLookup {

    private static final String FIRST_TIMEOUT_MILLIS = "1500";
    private static final String TRIES = "2";
    private static final Pattern SERVER =
            Pattern.compile("[A-Za-z0-9.-]+(?::\\d{1,5})?|\\[[0-9A-Fa-f:.]+](?::\\d{1,5})?");
    /** The client puts a string with a space into quotation marks, and a backslash before a quotation mark or a backslash. */
    private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+)", Pattern.DOTALL);

    private TxtLookup() {}

    /**
     * Returns the TXT records of a name, each with its strings joined.
     *
     * @param name without a dot at its end
     * @param nameServer {@code HOST} or {@code HOST:PORT}; empty for those of this machine
     * @return empty when there is no such name or it has no TXT record
     * @throws IOException when no server answers, or a server reports a failure
     * @throws IllegalArgumentException when {@code nameServer} is not of that form
     */
    @SuppressWarnings("BanJNDI") // the DNS client never deserializes objects from a server's response
    static List<String> of(String name, Optional<String> nameServer) throws IOException {
        Properties environment = new Properties();
        environment.setProperty("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
        environment.setProperty(
                "java.naming.provider.url",
                "dns://" + nameServer.map(TxtLookup::checked).orElse("") + "/");
        environment.setProperty("com.sun.jndi.dns.timeout.initial", FIRST_TIMEOUT_MILLIS);
        environment.setProperty("com.sun.jndi.dns.timeout.retries", TRIES);
        try {
            InitialDirContext context = new InitialDirContext(environment);
            try {
                return records(
                        context.getAttributes(name + ".", new String[] {"TXT"}).get("TXT"));
            } finally {
                context.close();
            }
        } catch (NameNotFoundException e) {
            return List.of();
        } catch (NamingException e) {
            throw new IOException(Failures.reason(e), e);
        }
    }

    private static String checked(String server) {
        if (!SERVER.matcher(server).matches()) {
            throw new IllegalArgumentException("\"" + server + "\" is not a name server; expected HOST or HOST:PORT");
        }
        return server;
    }

    private static List<String> records(@org.jspecify.annotations.Nullable Attribute found) throws NamingException {
        List<String> records = new ArrayList<>();
        if (found != null) {
            NamingEnumeration<?> values = found.getAll();
            while (values.hasMore()) {
                records.add(joined(String.valueOf(values.next())));
            }
        }
        return records;
    }

    private static String joined(String strings) {
        StringBuilder joined = new StringBuilder();
        for (MatchResult each : STRING.matcher(strings).results().toList()) {
            joined.append(each.group(1) == null ? each.group(2) : each.group(1).replaceAll("\\\\(.)", "$1"));
        }
        return joined.toString();
    }
}
