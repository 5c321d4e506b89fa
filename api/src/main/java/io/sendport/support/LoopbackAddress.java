package io.sendport.support;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds out whether a host is this machine, as seen over its loopback interface. */
public final class LoopbackAddress {

    private LoopbackAddress() {}

    /** Whether {@code host}, a name or an address, has a loopback address; false when it has no address. May query the DNS. */
    public static boolean isOf(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
