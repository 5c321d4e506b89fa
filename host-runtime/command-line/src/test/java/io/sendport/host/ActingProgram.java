package io.sendport.host;

import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.control.Actor;
import io.sendport.host.store.commit.Access;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Another process that has a store open: acts on the newest messages at random, whatever else happens to them. */
public final class ActingProgram {

    private static final List<MessageAct> ACTS = List.of(
            MessageAct.TERMINATE,
            MessageAct.SUSPEND,
            MessageAct.RESUME,
            MessageAct.FORCE,
            MessageAct.REASSEMBLE,
            MessageAct.HOLD,
            MessageAct.RELEASE);

    private ActingProgram() {}

    /** Performs so many acts. Says when it begins, and then of each that it did: the act and the message. */
    public static void main(String[] arguments) throws Exception {
        Random random = new Random(Long.parseLong(arguments[2]));
        int left = Integer.parseInt(arguments[1]);
        try (MessageBox box =
                MessageBox.open(TestBox.settings(Path.of(arguments[0])), Access.WRITE, Clock.systemUTC())) {
            System.out.println("ready");
            while (left > 0) {
                List<MessageRow> newest = box.queries().list(MessageFilter.all(), Optional.of(12)).stream()
                        .filter(row -> !row.state().isEnd())
                        .toList();
                if (!newest.isEmpty()) {
                    MessageRow row = newest.get(random.nextInt(newest.size()));
                    MessageAct act = ACTS.get(random.nextInt(ACTS.size()));
                    if (box.acts().act(act, row, new Actor("test", "at random")).isEmpty()) {
                        System.out.println(act + " " + row.id());
                        left--;
                    }
                }
            }
        }
        System.out.println("end");
    }
}
