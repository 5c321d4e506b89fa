package io.sendport.component.dkim;

import io.sendport.api.adapter.Finding;
import io.sendport.support.text.Text;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Compares the public key that a domain publishes with that of signingKey. */
final class DkimDoctor {

    private static final String CHECK = "dkim";

    private final DkimSettings settings;
    private final Optional<String> nameServer;

    /**
     * @param nameServer {@code HOST} or {@code HOST:PORT}; empty for those of this machine
     */
    DkimDoctor(DkimSettings settings, Optional<String> nameServer) {
        this.settings = settings;
        this.nameServer = nameServer;
    }

    /** Looks up the record, and returns what to do about it. */
    Finding examine() {
        String name = settings.recordName();
        List<String> texts;
        try {
            texts = TxtLookup.of(name, nameServer);
        } catch (IllegalArgumentException e) {
            return Finding.fail(CHECK, String.valueOf(e.getMessage()), "correct --name-server");
        } catch (IOException e) {
            return Finding.warn(
                    CHECK,
                    "cannot look up " + name + ": " + Text.printable(String.valueOf(e.getMessage())),
                    "check this machine's DNS server, or use another with --name-server");
        }
        List<PublishedKey> keys = texts.stream()
                .map(PublishedKey::parse)
                .filter(PublishedKey::isKey)
                .toList();
        if (keys.isEmpty()) {
            return Finding.fail(
                    CHECK,
                    name + (texts.isEmpty() ? " has no TXT record" : " has a TXT record that is not a DKIM key")
                            + ": receivers cannot verify the signature",
                    publish());
        }
        if (keys.size() > 1) {
            return Finding.fail(
                    CHECK,
                    name + " has " + keys.size() + " keys: receivers may use any of them",
                    "keep only this TXT record: " + settings.record());
        }
        return about(keys.get(0), name);
    }

    private Finding about(PublishedKey key, String name) {
        if (key.isRevoked()) {
            return Finding.fail(
                    CHECK,
                    name + " is revoked (p= is empty): receivers refuse the signature",
                    "generate a new key, publish it under another selector, and set selector and signingKey");
        }
        if (!key.holds(settings.key())) {
            return Finding.fail(
                    CHECK,
                    name + " has a public key that does not match signingKey: receivers refuse the signature",
                    "set selector and signingKey to a pair that belongs together, or replace the record: " + publish());
        }
        Optional<String> hindrance = key.hindrance();
        if (hindrance.isPresent()) {
            return Finding.fail(
                    CHECK,
                    name + " has the public key of signingKey, but " + hindrance.get() + ": receivers do not use it",
                    publish());
        }
        return key.isTest()
                ? Finding.warn(
                        CHECK,
                        name + " is published with t=y, for testing: receivers may ignore the signature",
                        "remove t=y from the record when your tests are done")
                : Finding.ok(CHECK, name + " is published: it has the public key of signingKey");
    }

    private String publish() {
        return "publish this TXT record: " + settings.record();
    }
}
