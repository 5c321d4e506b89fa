package io.sendport.testing;

/** How much is tried: enough to notice in the daily build, all of it with {@code mvn -Pdeep}. */
public final class Deep {

    private static final boolean ON = Boolean.getBoolean("sendport.deep");

    private Deep() {}

    public static boolean isOn() {
        return ON;
    }

    public static int times(int daily, int deep) {
        return ON ? deep : daily;
    }
}
