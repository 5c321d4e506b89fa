import jakarta.jms.Connection;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.util.Collections;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/**
 * An Artemis broker that keeps its messages in a folder: arguments are folder, TCP port, and how often a
 * message is delivered before it goes to the queue "dead". On standard input it takes "send QUEUE TEXT" and "count QUEUE", and answers each on
 * standard output.
 */
public class Broker {

    public static void main(String[] arguments) throws Exception {
        String url = "tcp://127.0.0.1:" + arguments[1];
        File folder = new File(arguments[0]);
        Configuration configuration = new ConfigurationImpl()
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .setJournalType(JournalType.NIO)
                .setJournalDirectory(new File(folder, "journal").getPath())
                .setBindingsDirectory(new File(folder, "bindings").getPath())
                .setLargeMessagesDirectory(new File(folder, "large").getPath())
                .setPagingDirectory(new File(folder, "paging").getPath())
                .addAcceptorConfiguration("tcp", url)
                .addAddressSetting("#", new AddressSettings()
                        .setDeadLetterAddress(SimpleString.of("dead"))
                        .setMaxDeliveryAttempts(Integer.parseInt(arguments[2]))
                        .setRedeliveryDelay(100));
        for (String queue : new String[] {"invoices", "dead"}) {
            configuration.addAddressConfiguration(new CoreAddressConfiguration()
                    .setName(queue)
                    .addRoutingType(RoutingType.ANYCAST)
                    .addQueueConfiguration(QueueConfiguration.of(queue).setRoutingType(RoutingType.ANYCAST)));
        }
        EmbeddedActiveMQ broker = new EmbeddedActiveMQ().setConfiguration(configuration);
        broker.start();
        System.out.println("ready");
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url);
                Connection connection = factory.createConnection();
                Session session = connection.createSession();
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in))) {
            connection.start();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", 3);
                if (words[0].equals("send")) {
                    try (MessageProducer producer = session.createProducer(session.createQueue(words[1]))) {
                        producer.send(session.createTextMessage(words[2]));
                    }
                    System.out.println("sent");
                } else {
                    try (QueueBrowser browser = session.createBrowser(session.createQueue(words[1]))) {
                        System.out.println(Collections.list(browser.getEnumeration()).size());
                    }
                }
            }
        }
        broker.stop();
    }
}
