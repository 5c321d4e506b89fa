package io.sendport.host.operate.store;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Creates names for files that are set aside. */
final class SetAsideName {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

    private SetAsideName() {}

    /** Returns {@code why} with the current time in UTC, as a suffix of the file name. */
    static String mark(String why, Clock clock) {
        return why + "-" + TIME.format(clock.instant());
    }
}
