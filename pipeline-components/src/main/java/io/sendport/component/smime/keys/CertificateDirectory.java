package io.sendport.component.smime.keys;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import io.sendport.api.mail.MailAddress;
import io.sendport.support.text.Text;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/**
 * An LDAP directory of people: {@code ldaps://server/base}, queried for {@code userCertificate;binary} by {@code mail}. An answer is cached
 * for a minute. Only the address in the certificate itself counts, not the entry that contains it. Thread-safe.
 */
public final class CertificateDirectory implements CertificateSource {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final long KEPT_NANOS = 60_000_000_000L;
    private static final int MAX_KEPT = 10_000;
    private static final int MAX_ANSWER = 4 * 1024 * 1024;
    private static final int MAX_ENTRIES = 20;
    private static final int MAX_CERTIFICATES = 100;
    private static final String CERTIFICATE = "userCertificate";

    private final boolean secure;
    private final String host;
    private final int port;
    private final String base;
    private final Optional<String> user;
    private final char[] password;
    private final Map<String, Answer> kept = new ConcurrentHashMap<>();

    private record Answer(List<X509Certificate> certificates, long at) {}

    public CertificateDirectory(URI uri, Optional<String> user, char[] password) {
        this.secure = uri.getScheme().equals("ldaps");
        this.host = uri.getHost();
        this.port = uri.getPort() > 0 ? uri.getPort() : secure ? 636 : 389;
        String path = uri.getPath();
        this.base = path == null || path.length() < 2 ? "" : path.substring(1);
        this.user = user;
        this.password = password.clone();
    }

    public static boolean isDirectory(String source) {
        return source.startsWith("ldap://") || source.startsWith("ldaps://");
    }

    @Override
    public List<X509Certificate> of(MailAddress address) throws SmimeException {
        String key = CertificateIndex.key(address);
        Answer known = kept.get(key);
        if (known != null && System.nanoTime() - known.at() < KEPT_NANOS) {
            return known.certificates();
        }
        List<X509Certificate> found = new CertificateIndex(query(key)).of(address);
        if (!found.isEmpty()) {
            if (kept.size() >= MAX_KEPT) {
                kept.clear();
            }
            kept.put(key, new Answer(found, System.nanoTime()));
        }
        return found;
    }

    private List<X509Certificate> query(String address) throws SmimeException {
        LDAPConnectionOptions options = new LDAPConnectionOptions();
        options.setConnectTimeoutMillis((int) TIMEOUT.toMillis());
        options.setResponseTimeoutMillis(TIMEOUT.toMillis());
        options.setFollowReferrals(false);
        options.setMaxMessageSize(MAX_ANSWER);
        options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(false));
        try (LDAPConnection connection = secure
                ? new LDAPConnection(SSLContext.getDefault().getSocketFactory(), options, host, port)
                : new LDAPConnection(options, host, port)) {
            if (user.isPresent()) {
                connection.bind(user.get(), new String(password));
            }
            SearchRequest request = new SearchRequest(
                    base,
                    SearchScope.SUB,
                    Filter.createEqualityFilter("mail", address),
                    CERTIFICATE + ";binary",
                    CERTIFICATE);
            request.setSizeLimit(MAX_ENTRIES);
            request.setTimeLimitSeconds((int) TIMEOUT.toSeconds());
            List<SearchResultEntry> entries = connection.search(request).getSearchEntries();
            return entries == null ? List.of() : certificates(entries);
        } catch (LDAPException | GeneralSecurityException e) {
            throw new NotNowException(
                    "the directory " + this + " cannot be queried for " + address + ": "
                            + Text.printable(String.valueOf(e.getMessage()))
                            + "; correct the cause, or wait until the directory is available again; then resume the message",
                    e);
        }
    }

    private static List<X509Certificate> certificates(List<SearchResultEntry> entries) {
        List<X509Certificate> found = new ArrayList<>();
        for (SearchResultEntry entry : entries) {
            for (Attribute attribute : entry.getAttributes()) {
                if (attribute.getBaseName().equalsIgnoreCase(CERTIFICATE)) {
                    for (byte[] der : attribute.getValueByteArrays()) {
                        parsed(der).ifPresent(found::add);
                    }
                }
            }
        }
        return found.subList(0, Math.min(MAX_CERTIFICATES, found.size()));
    }

    private static Optional<X509Certificate> parsed(byte[] der) {
        try {
            return Optional.of((X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
        } catch (CertificateException e) {
            // Not a certificate, so it is ignored.
            return Optional.empty();
        }
    }

    @Override
    public Collection<X509Certificate> all() {
        return kept.values().stream()
                .flatMap(answer -> answer.certificates().stream())
                .toList();
    }

    @Override
    public String toString() {
        return (secure ? "ldaps://" : "ldap://") + host + ":" + port + "/" + base;
    }
}
