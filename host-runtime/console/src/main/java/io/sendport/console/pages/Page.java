package io.sendport.console.pages;

import io.sendport.console.access.Caller;
import java.util.List;

/**
 * What every page has.
 *
 * @param title what it is about
 * @param caller who looks
 * @param store the message box that is shown
 * @param instances that run on it
 */
public record Page(String title, Caller caller, String store, List<String> instances) {

    /** Copies the list. */
    public Page {
        instances = List.copyOf(instances);
    }

    /** The instances in a line; says when there is none. */
    public String instanceLine() {
        return instances.isEmpty() ? "no instance runs" : String.join(", ", instances);
    }
}
