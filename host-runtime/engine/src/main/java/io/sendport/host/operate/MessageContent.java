package io.sendport.host.operate;

import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.api.message.Part;
import io.sendport.host.box.DeliveryRow;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.control.Actor;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The content of a message. The ledger records each access before the content is read.
 *
 * @param properties the properties, with their values as text
 * @param parts the submitted parts; the first is the body
 * @param mails the stored sealed mails by delivery number; empty if none is stored
 */
public record MessageContent(Map<String, String> properties, List<Part> parts, SortedMap<Integer, Body> mails) {

    /**
     * Records the access, and then reads the content.
     *
     * @throws RefusedException when the content was deleted, because the message has ended
     */
    static MessageContent read(MessageBox box, MessageRow row, Actor actor) {
        if (row.state().isEnd() && !box.inbox().hasContent(row)) {
            throw RefusedException.conflict(
                    "message " + row.id() + " is " + row.state().word() + "; its content was deleted when it ended");
        }
        box.acts().recordRead(row, actor);
        Message message = box.inbox().load(row);
        Map<String, String> properties = new TreeMap<>();
        message.context().asMap().forEach((name, value) -> properties.put(name, value.toString()));
        return new MessageContent(
                properties,
                message.parts(),
                box.attempts().deliveries(row).stream()
                        .filter(each -> each.sealed().isPresent())
                        .collect(Collectors.toMap(
                                DeliveryRow::no,
                                each -> each.sealed().orElseThrow(),
                                (one, other) -> one,
                                TreeMap::new)));
    }
}
