package io.sendport.host;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Submits messages one after the other, and says on standard output when each was acknowledged and when its result was. */
public final class OneByOne {

    private OneByOne() {}

    public static void main(String[] arguments) throws Exception {
        try (RunningHost host = RunningHost.start(
                Path.of(arguments[0]),
                "<messageBox url='jdbc:sqlite:var/sendport.db'/><host name='H'/>"
                        + "<sendPort name='P' host='H'><smtp host='127.0.0.1' port='" + arguments[1] + "' tls='none'/>"
                        + "<mail from='a@corp.example' to='b@customer.example' subject='s'/></sendPort>")) {
            for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                MessageId id = host.submit("P", Body.of("hello", StandardCharsets.UTF_8));
                System.out.println("submitted " + id);
                host.await(id, row -> row.state().isEnd());
                System.out.println("sent " + id);
            }
        }
        System.exit(0);
    }
}
