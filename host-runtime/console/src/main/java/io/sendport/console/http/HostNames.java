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
 * The host names for which a server answers. It refuses all other names as a protection against DNS rebinding: a page of another site
 * could make a browser send requests here under that site's name. Immutable.
 */
public final class HostNames {

    /** The HTTP status for a request to another server (RFC 9110, section 15.5.20). */
    public static final int MISDIRECTED = 421;

    private static final Logger LOG = LoggerFactory.getLogger(HostNames.class);
    private static final Pattern PORT = Pattern.compile(":\\d+$");
    private static final Pattern IPV4 = Pattern.compile("[0-9.]+");

    private final Set<String> names = new HashSet<>();

    /** Accepts {@code others}, IP addresses, {@code localhost} and the names of this machine. */
    public HostNames(Set<String> others) {
        others.stream().filter(name -> !name.isBlank()).forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        names.add("localhost");
        try {
            InetAddress own = InetAddress.getLocalHost();
            names.add(own.getHostName().toLowerCase(Locale.ROOT));
            names.add(own.getCanonicalHostName().toLowerCase(Locale.ROOT));
        } catch (UnknownHostException e) {
            LOG.debug("the name of this machine does not resolve", e);
        }
    }

    /** Whether a request with this {@code Host} field is for this server. A request without the field is. */
    public boolean include(@Nullable String host) {
        if (host == null) {
            return true;
        }
        String name = PORT.matcher(host.strip().toLowerCase(Locale.ROOT)).replaceFirst("");
        boolean isAddress = IPV4.matcher(name).matches() || (name.startsWith("[") && name.endsWith("]"));
        return isAddress || names.contains(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
    }
}
