package io.sendport.host.operate;

import io.sendport.api.adapter.RecipientResult;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import java.util.List;
import java.util.Optional;

/**
 * A message in a list, with a recipient and the answer.
 *
 * @param message the message
 * @param recipient the first recipient; empty before the pipeline has made a mail
 * @param recipients the number of different recipients
 * @param answer the last reply of the relay if the message is done; otherwise the last error, empty when there was none
 */
public record ListedMessage(MessageView message, Optional<String> recipient, int recipients, String answer) {

    static ListedMessage of(MessageRow row, List<RecipientResult> results) {
        MessageView view = MessageView.of(row);
        String reply = results.stream()
                .map(RecipientResult::text)
                .filter(each -> !each.isEmpty())
                .reduce((first, second) -> second)
                .orElse("");
        return new ListedMessage(
                view,
                results.stream().map(each -> each.address().toString()).findFirst(),
                (int) results.stream().map(RecipientResult::address).distinct().count(),
                view.state() == MessageState.DONE ? reply : view.lastError().orElse(""));
    }
}
