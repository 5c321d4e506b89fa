package io.sendport.console.api;

import java.util.List;
import java.util.Optional;

/**
 * A page of a list.
 *
 * @param items of the list, in its order
 * @param next the parameter {@code after} of the next page; empty when there is none
 * @param complete false when there was no time to look for more: go on at {@code next}, or narrow the filter
 */
record Items(List<?> items, Optional<String> next, boolean complete) {

    Items {
        items = List.copyOf(items);
    }
}
