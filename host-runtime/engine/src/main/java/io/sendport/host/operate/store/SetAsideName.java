package io.sendport.host.operate.store;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Names of files that are set aside. */
final class SetAsideName {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

    private SetAsideName() {}

    /** {@code why} and the time. */
    static String mark(String why, Clock clock) {
        return why + "-" + TIME.format(clock.instant());
    }
}
