package io.sendport.host.cli;

import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds messages by ids that may be shortened while they are unique. */
final class MessageIds {

    private MessageIds() {}

    /**
     * The message.
     *
     * @throws UsageException when there is none, or several
     */
    static MessageRow one(MessageBox box, String id) {
        String prefix = id.toLowerCase(Locale.ROOT).replaceAll("[{}<>]", "").replaceAll("@.*", "");
        if (!prefix.matches("[0-9a-f-]{1,36}")) {
            throw new UsageException("\"" + io.sendport.api.message.Text.printable(id) + "\" is no message id");
        }
        List<MessageRow> found = box.queries().byPrefix(prefix);
        if (found.isEmpty()) {
            throw new UsageException("there is no message " + prefix);
        }
        if (found.size() > 1) {
            throw new UsageException("several messages begin with " + prefix + ", among them "
                    + found.get(0).id() + " and " + found.get(1).id());
        }
        return found.get(0);
    }

    static List<MessageRow> all(MessageBox box, List<String> ids) {
        List<MessageRow> rows = new ArrayList<>();
        ids.forEach(id -> rows.add(one(box, id)));
        return rows;
    }
}
