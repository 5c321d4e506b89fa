package io.sendport.console.api;

import java.util.List;
import java.util.Optional;

/**
 * A page of a list.
 *
 * @param items the items, in the order of the list
 * @param next the parameter {@code after} of the next page; empty when this is the last page
 * @param complete false when the search stopped at its time limit; continue at {@code next}, or narrow the filter
 */
record Items(List<?> items, Optional<String> next, boolean complete) {

    Items {
        items = List.copyOf(items);
    }
}
