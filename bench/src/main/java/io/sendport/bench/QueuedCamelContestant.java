package io.sendport.bench;

import jakarta.jms.ConnectionFactory;
import java.nio.file.Path;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.springframework.jms.connection.CachingConnectionFactory;

/** camel-mail behind an Artemis queue in the same process: persistent messages, transacted consumers. */
final class QueuedCamelContestant implements Contestant {

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    private final CamelContext camel = new DefaultCamelContext();
    private final CachingConnectionFactory connections;
    private final ProducerTemplate template;
    private final Terms terms;

    QueuedCamelContestant(Path folder, Terms terms) throws Exception {
        this.terms = terms;
        Configuration configuration = new ConfigurationImpl()
                .setPersistenceEnabled(true)
                .setSecurityEnabled(false)
                .setJournalDirectory(folder.resolve("journal").toString())
                .setBindingsDirectory(folder.resolve("bindings").toString())
                .setLargeMessagesDirectory(folder.resolve("large").toString())
                .setPagingDirectory(folder.resolve("paging").toString())
                .setJournalSyncTransactional(true)
                .setJournalSyncNonTransactional(true)
                .addAcceptorConfiguration("vm", "vm://0");
        broker.setConfiguration(configuration);
        broker.start();
        ConnectionFactory plain = new ActiveMQConnectionFactory("vm://0");
        connections = new CachingConnectionFactory(plain);
        connections.setSessionCacheSize(Math.max(terms.threads(), terms.connections()) * 2);
        JmsComponent jms = JmsComponent.jmsComponentTransacted(connections);
        jms.setConnectionFactory(connections);
        jms.setDeliveryPersistent(true);
        camel.addComponent("jms", jms);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("jms:queue:mails?transacted=true&lazyCreateTransactionManager=false&concurrentConsumers="
                                + terms.connections() + "&cacheLevelName=CACHE_CONSUMER")
                        .to(CamelMailContestant.endpoint(terms));
            }
        });
        camel.start();
        template = camel.createProducerTemplate();
        template.start();
    }

    @Override
    public void send() {
        template.sendBody("jms:queue:mails?deliveryPersistent=true&transacted=false", terms.text());
    }

    @Override
    public void close() throws Exception {
        camel.stop();
        connections.destroy();
        broker.stop();
    }
}
