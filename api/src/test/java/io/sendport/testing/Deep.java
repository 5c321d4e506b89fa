package io.sendport.testing;

import java.time.LocalDate;
import java.time.ZoneOffset;

/** How much is tried: enough to notice in the daily build, all of it with {@code mvn -Pdeep}. */
public final class Deep {

    private static final boolean ON = Boolean.getBoolean("sendport.deep");
    private static final int DAYS = 7;
    private static final String ALL = "all";

    private Deep() {}

    public static boolean isOn() {
        return ON;
    }

    public static int times(int daily, int deep) {
        return ON ? deep : daily;
    }

    /** Whether it is the turn of the slow case of that number today, see {@link InTurn}. */
    public static boolean hasTurn(int number) {
        return daysUntilTurn(number) == 0;
    }

    static int daysUntilTurn(int number) {
        String today = ON ? ALL : Long.toString(LocalDate.now(ZoneOffset.UTC).toEpochDay());
        String day = System.getProperty("sendport.day", today);
        return day.equals(ALL) ? 0 : (int) Math.floorMod(number - Long.parseLong(day), (long) DAYS);
    }
}
