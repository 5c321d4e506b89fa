package io.sendport.component.smime.trust;

import io.sendport.component.smime.keys.Certificates;
import io.sendport.component.smime.trust.Revocation.Answer;
import io.sendport.component.smime.trust.Revocation.Status;
import io.sendport.support.BoundedHttp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Certificate revocation lists (RFC 5280 section 5), fetched from the addresses in certificates. A list is cached until its next update,
 * but refetched after at most one hour. A list that cannot be fetched is not requested again for five minutes, so that a hanging server
 * delays only one message. Thread-safe.
 */
public final class RevocationLists {

    private static final Duration FRESH = Duration.ofHours(1);
    private static final Duration SILENT = Duration.ofMinutes(5);
    private static final int MAX_KEPT = 100;

    private final BoundedHttp http;
    private final long mostBytes;
    /** Two authorities may share an address; each has its own list there. */
    private record Place(URI address, String issuer) {}

    private final Map<Place, Slot> slots = new ConcurrentHashMap<>();

    /** The state of one address. It is also the lock, so that a list is fetched only once at a time. */
    private static final class Slot {
        private @org.jspecify.annotations.Nullable RevocationList list;
        private Instant askedAt = Instant.EPOCH;
        private String fault = "";
    }

    public RevocationLists(BoundedHttp http, long mostBytes) {
        this.http = http;
        this.mostBytes = mostBytes;
    }

    Answer ask(URI address, X509Certificate certificate, X509Certificate issuer, Instant now) {
        if (slots.size() > MAX_KEPT) {
            slots.clear();
        }
        Slot slot = slots.computeIfAbsent(new Place(address, Certificates.fingerprint(issuer)), key -> new Slot());
        RevocationList list;
        String fault;
        synchronized (slot) {
            boolean due = now.isAfter(slot.askedAt.plus(slot.fault.isEmpty() ? FRESH : SILENT))
                    || (slot.fault.isEmpty() && slot.list != null && !slot.list.isCurrent(now));
            if (due) {
                slot.askedAt = now;
                fetch(slot, address, issuer, now);
            }
            list = slot.list;
            fault = slot.fault;
        }
        if (list == null) {
            return new Answer(Status.UNKNOWN, fault);
        }
        if (!list.isCurrent(now)) {
            return new Answer(
                    Status.UNKNOWN,
                    "the list at " + address + " was due for renewal at "
                            + list.nextUpdate()
                            + (fault.isEmpty() ? "" : " (" + fault + ")"));
        }
        Instant revokedAt = list.revoked().get(certificate.getSerialNumber());
        return revokedAt == null
                ? new Answer(Status.GOOD, "list " + address)
                : new Answer(Status.REVOKED, "list " + address + ", since " + revokedAt);
    }

    /** Keeps the current list when the new one cannot be fetched. */
    private void fetch(Slot slot, URI address, X509Certificate issuer, Instant now) {
        try {
            byte[] bytes = http.fetch(HttpRequest.newBuilder(address).build(), mostBytes);
            RevocationList fetched = RevocationList.of(bytes, issuer, now);
            if (!fetched.isCurrent(now)) {
                throw new IOException("it was due for renewal at " + fetched.nextUpdate());
            }
            RevocationList before = slot.list;
            if (before == null || !fetched.thisUpdate().isBefore(before.thisUpdate())) {
                // A list that is older than the current one must not remove revocations.
                slot.list = fetched;
            }
            slot.fault = "";
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            slot.fault = "the list at " + address + " cannot be fetched: " + e.getMessage();
        }
    }
}
