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
 * Certificate revocation lists (RFC 5280 section 5), fetched from where certificates point to. A list is kept until its next update, and
 * fetched again after an hour at the most; one that cannot be had is not asked for again for five minutes, so that a server that hangs stalls
 * one message and not all. Thread-safe.
 */
public final class RevocationLists {

    private static final Duration FRESH = Duration.ofHours(1);
    private static final Duration SILENT = Duration.ofMinutes(5);
    private static final int MOST_KEPT = 100;

    private final BoundedHttp http;
    private final long mostBytes;
    /** Two authorities may share an address; each has its own list there. */
    private record Place(URI address, String issuer) {}

    private final Map<Place, Slot> slots = new ConcurrentHashMap<>();

    /** What is known of one address; also the lock, so that a list is fetched once. */
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
        if (slots.size() > MOST_KEPT) {
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
                    "the list at " + address + " was to be renewed at "
                            + list.nextUpdate()
                            + (fault.isEmpty() ? "" : " (" + fault + ")"));
        }
        Instant revokedAt = list.revoked().get(certificate.getSerialNumber());
        return revokedAt == null
                ? new Answer(Status.GOOD, "list " + address)
                : new Answer(Status.REVOKED, "list " + address + ", since " + revokedAt);
    }

    /** Keeps the list that is there when the new one cannot be had. */
    private void fetch(Slot slot, URI address, X509Certificate issuer, Instant now) {
        try {
            byte[] bytes = http.fetch(HttpRequest.newBuilder(address).build(), mostBytes);
            RevocationList fetched = RevocationList.of(bytes, issuer, now);
            if (!fetched.isCurrent(now)) {
                throw new IOException("it was to be renewed at " + fetched.nextUpdate());
            }
            RevocationList before = slot.list;
            if (before == null || !fetched.thisUpdate().isBefore(before.thisUpdate())) {
                // An older list than the one that is known takes nobody off it again.
                slot.list = fetched;
            }
            slot.fault = "";
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            slot.fault = "the list at " + address + " cannot be had: " + e.getMessage();
        }
    }
}
