import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A Kafka of one node: arguments are a folder and two TCP ports. On standard input it takes "send TOPIC TEXT" and "count TOPIC", and answers each on
 * standard output.
 */
public class Kafka {

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        String address = "127.0.0.1:" + arguments[1];
        String controller = "127.0.0.1:" + arguments[2];
        Path settings = folder.resolve("server.properties");
        Files.writeString(settings, String.join("\n",
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@" + controller,
                "listeners=PLAINTEXT://" + address + ",CONTROLLER://" + controller,
                "advertised.listeners=PLAINTEXT://" + address,
                "controller.listener.names=CONTROLLER",
                "log.dirs=" + folder.resolve("data"),
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=1",
                "group.initial.rebalance.delay.ms=0"));
        if (!Files.exists(folder.resolve("data"))) {
            kafka.tools.StorageTool.execute(
                    new String[] {"format", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c", settings.toString()}, System.err);
        }
        new Thread(() -> kafka.Kafka.main(new String[] {settings.toString()})).start();
        Properties client = new Properties();
        client.put("bootstrap.servers", address);
        client.put("acks", "all");
        try (KafkaProducer<String, String> producer =
                        new KafkaProducer<>(client, new StringSerializer(), new StringSerializer());
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in))) {
            producer.send(new ProducerRecord<>("first", "x")).get();
            System.out.println("ready");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", 3);
                if (words[0].equals("send")) {
                    producer.send(new ProducerRecord<>(words[1], words[2])).get();
                    System.out.println("sent");
                } else {
                    System.out.println(count(client, words[1]));
                }
            }
        }
        System.exit(0);
    }

    private static int count(Properties client, String topic) {
        Properties reader = new Properties();
        reader.putAll(client);
        reader.put("group.id", "count-" + System.nanoTime());
        reader.put("auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(reader, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            int found = 0;
            for (int i = 0; i < 10; i++) {
                found += consumer.poll(Duration.ofMillis(500)).count();
            }
            return found;
        }
    }
}
