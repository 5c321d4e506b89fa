package io.sendport.console.pages;

import io.sendport.console.access.Caller;
import io.sendport.console.access.Role;
import java.util.Arrays;
import java.util.List;

/** A part of the console that the navigation leads to. */
public enum Section {
    /** How things stand. */
    OVERVIEW("Overview", "/", Role.VIEWER),
    /** The send ports. */
    PORTS("Ports", "/ports", Role.VIEWER),
    /** The messages. */
    MESSAGES("Messages", "/messages", Role.VIEWER),
    /** Acts upon many messages. */
    ACTS("Acts", "/acts", Role.OPERATOR),
    /** The ledger. */
    AUDIT("Audit", "/audit", Role.AUDITOR),
    /** The ways to the servers. */
    DOCTOR("Doctor", "/doctor", Role.OPERATOR),
    /** What instances run with. */
    CONFIGURATION("Configuration", "/configuration", Role.ADMIN),
    /** A message to try a port with. */
    TEST("Test message", "/test", Role.SUBMITTER);

    private final String title;
    private final String address;
    private final Role role;

    Section(String title, String address, Role role) {
        this.title = title;
        this.address = address;
        this.role = role;
    }

    /** Those that {@code caller} can open. */
    static List<Section> of(Caller caller) {
        return Arrays.stream(values()).filter(each -> caller.has(each.role)).toList();
    }

    /** Its name. */
    public String title() {
        return title;
    }

    /** Where it begins. */
    public String address() {
        return address;
    }

    /** Whether {@code page} belongs to it. */
    public boolean isOf(Page page) {
        return page.section() == this;
    }
}
