package io.sendport.console.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names under which a server may be asked. A page of another site can have a browser ask here under that site's name; it must not get an
 * answer (DNS rebinding). Immutable.
 */
public final class HostNames {

    /** HTTP's status for a request that is for another server (RFC 9110, section 15.5.20). */
    public static final int MISDIRECTED = 421;

    private static final Logger LOG = LoggerFactory.getLogger(HostNames.class);
    private static final Pattern PORT = Pattern.compile(":\\d+$");
    private static final Pattern IPV4 = Pattern.compile("[0-9.]+");

    private final Set<String> names = new HashSet<>();

    /** Those names, beside addresses, {@code localhost} and this machine's own. */
    public HostNames(Set<String> others) {
        others.stream().filter(name -> !name.isBlank()).forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        names.add("localhost");
        try {
            InetAddress own = InetAddress.getLocalHost();
            names.add(own.getHostName().toLowerCase(Locale.ROOT));
            names.add(own.getCanonicalHostName().toLowerCase(Locale.ROOT));
        } catch (UnknownHostException e) {
            LOG.debug("this machine has no name that resolves", e);
        }
    }

    /** Whether a request with this {@code Host} field is meant for this server; without one it is. */
    public boolean include(@Nullable String host) {
        if (host == null) {
            return true;
        }
        String name = PORT.matcher(host.strip().toLowerCase(Locale.ROOT)).replaceFirst("");
        boolean isAddress = IPV4.matcher(name).matches() || (name.startsWith("[") && name.endsWith("]"));
        return isAddress || names.contains(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
    }
}
