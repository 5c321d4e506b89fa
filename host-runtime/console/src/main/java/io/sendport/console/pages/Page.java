package io.sendport.console.pages;

import io.sendport.console.access.Caller;
import io.sendport.console.access.Role;
import java.util.List;
import java.util.Optional;

/**
 * What every page has.
 *
 * @param section where it belongs
 * @param title what it is about
 * @param caller who looks
 * @param store the message box that is shown
 * @param instances that run on it
 * @param said what came of what the reader did last; empty where nothing was done
 */
public record Page(
        Section section, String title, Caller caller, String store, List<String> instances, Optional<String> said) {

    /** Copies the list. */
    public Page {
        instances = List.copyOf(instances);
    }

    /** The instances in a line; says when there is none. */
    public String instanceLine() {
        return instances.isEmpty() ? "no instance runs" : String.join(", ", instances);
    }

    /** Where the reader can go. */
    public List<Section> links() {
        return Section.of(caller);
    }

    /** Whether the reader operates some port: acts are shown to nobody else. */
    public boolean isOperator() {
        return caller.has(Role.OPERATOR);
    }

    /** Whether the reader sees messages. */
    public boolean isViewer() {
        return caller.has(Role.VIEWER);
    }

    /** Whether the reader may see content. */
    public boolean isReader() {
        return caller.has(Role.READER);
    }

    /** Whether the reader may search the ledger. */
    public boolean isAuditor() {
        return caller.has(Role.AUDITOR);
    }
}
