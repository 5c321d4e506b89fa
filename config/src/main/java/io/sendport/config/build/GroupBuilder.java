package io.sendport.config.build;

import java.util.function.Consumer;

/** Builds {@code <sendPortGroup>}. Not thread-safe. */
public final class GroupBuilder extends ElementBuilder<GroupBuilder> {

    GroupBuilder(Node node) {
        super(node);
    }

    /** Adds ports of the group. */
    public GroupBuilder members(String... ports) {
        for (String port : ports) {
            add("member", member -> member.set("port", port));
        }
        return this;
    }

    /** Subscribes to messages for which all of these conditions are true. A second call adds an alternative. */
    public GroupBuilder subscribe(Consumer<ConditionsBuilder> all) {
        all.accept(new ConditionsBuilder(node.one("subscribe").add("all")));
        return this;
    }
}
