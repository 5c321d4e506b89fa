package io.sendport.console.pages;

import io.sendport.config.Routing;
import io.sendport.console.access.Caller;
import io.sendport.console.access.Role;
import java.util.List;
import java.util.Optional;

/**
 * The elements that every page has.
 *
 * @param section the section of the page
 * @param title the title
 * @param caller the user who opened the page
 * @param routing the configured ports
 * @param store the message box that the page shows
 * @param instances the host instances that run on this message box
 * @param said the result of the user's last action; empty when there was none
 */
public record Page(
        Section section,
        String title,
        Caller caller,
        Routing routing,
        String store,
        List<String> instances,
        Optional<String> said) {

    /** Copies the list. */
    public Page {
        instances = List.copyOf(instances);
    }

    /** The instances on one line, or a text that says that none runs. */
    public String instanceLine() {
        return instances.isEmpty() ? "none running" : String.join(", ", instances);
    }

    /** The sections that the user can open. */
    public List<Section> links() {
        return Section.of(caller);
    }

    /** Whether the user operates some port. Only operators see acts. */
    public boolean isOperator() {
        return caller.has(Role.OPERATOR);
    }

    /** Whether the user sees messages. */
    public boolean isViewer() {
        return caller.has(Role.VIEWER);
    }

    /** Whether the user may see content. */
    public boolean isReader() {
        return caller.has(Role.READER);
    }

    /** Whether the user operates this port. */
    boolean operates(String port) {
        return caller.reach(Role.OPERATOR, routing).covers(port);
    }

    /** Whether the configuration has this port. */
    boolean hasPort(String name) {
        return routing.ports().containsKey(name);
    }

    /** Whether the user may see and reload the configuration. */
    boolean isAdmin() {
        return Section.CONFIGURATION.isOpenTo(caller);
    }

    /** Whether the user may search the ledger. */
    public boolean isAuditor() {
        return Section.AUDIT.isOpenTo(caller);
    }
}
