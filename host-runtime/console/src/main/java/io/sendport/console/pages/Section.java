package io.sendport.console.pages;

import io.sendport.console.access.Caller;
import io.sendport.console.access.Role;
import java.util.Arrays;
import java.util.List;

/** A section of the console, with an entry in the navigation. */
public enum Section {
    /** The status of the system. */
    OVERVIEW("Overview", "/", Role.VIEWER),
    /** The send ports. */
    PORTS("Ports", "/ports", Role.VIEWER),
    /** The messages. */
    MESSAGES("Messages", "/messages", Role.VIEWER),
    /** Acts on many messages. */
    ACTS("Acts", "/acts", Role.OPERATOR),
    /** The ledger. */
    AUDIT("Audit", "/audit", Role.AUDITOR, true),
    /** Checks of the connections to servers. */
    DOCTOR("Doctor", "/doctor", Role.OPERATOR),
    /** The configuration of the host instances. */
    CONFIGURATION("Configuration", "/configuration", Role.ADMIN, true),
    /** Test messages through a port. */
    TEST("Test message", "/test", Role.OPERATOR);

    private final String title;
    private final String address;
    private final Role role;
    private final boolean isOfAllPorts;

    Section(String title, String address, Role role) {
        this(title, address, role, false);
    }

    /** A section that needs the role at all ports, if {@code isOfAllPorts}. */
    Section(String title, String address, Role role, boolean isOfAllPorts) {
        this.title = title;
        this.address = address;
        this.role = role;
        this.isOfAllPorts = isOfAllPorts;
    }

    /** The sections that {@code caller} can open. */
    static List<Section> of(Caller caller) {
        return Arrays.stream(values()).filter(each -> each.isOpenTo(caller)).toList();
    }

    /** Whether {@code caller} can open the section. */
    boolean isOpenTo(Caller caller) {
        return isOfAllPorts ? caller.hasEverywhere(role) : caller.has(role);
    }

    /** The title of the section. */
    public String title() {
        return title;
    }

    /** The address of its first page. */
    public String address() {
        return address;
    }

    /** Whether {@code page} belongs to this section. */
    public boolean isOf(Page page) {
        return page.section() == this;
    }
}
