package io.sendport.spring;

import io.sendport.api.outcome.OutcomeSource;
import io.sendport.api.submit.Submitter;
import io.sendport.client.SendportClient;
import io.sendport.client.TransactionalSubmitter;
import java.net.URI;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceUtils;

/** Creates a {@link SendportClient} for an application that submits to a Sendport in another process. */
@AutoConfiguration(after = DataSourceAutoConfiguration.class)
@ConditionalOnProperty(prefix = "sendport", name = "enabled", matchIfMissing = true)
@ConditionalOnProperty(prefix = "sendport", name = "mode", havingValue = "client", matchIfMissing = true)
@EnableConfigurationProperties(SendportProperties.class)
public class SendportClientAutoConfiguration {

    /** Connects through the HTTP API. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(prefix = "sendport.client", name = "url")
    static class Http {
        @Bean
        @ConditionalOnMissingBean(Submitter.class)
        SendportClient sendportClient(SendportProperties properties) {
            return client(properties);
        }

        /** Reads outcomes even if the application has its own submitter. */
        @Bean
        @ConditionalOnMissingBean(OutcomeSource.class)
        OutcomeSource sendportOutcomeSource(SendportProperties properties) {
            SendportClient client = client(properties);
            return after -> client.outcomes(after);
        }

        private static SendportClient client(SendportProperties properties) {
            URI url = properties.client().url();
            String token = properties.client().token();
            if (url == null || token == null || token.isBlank()) {
                throw new IllegalStateException("sendport.client.url is set without sendport.client.token;"
                        + " set the token that this command prints: sendport token add NAME --role submitter:PORT");
            }
            return SendportClient.http(url, () -> token);
        }
    }

    /** Connects through the outbox in the application's database. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(prefix = "sendport.client", name = "url", matchIfMissing = true, havingValue = "none")
    @ConditionalOnClass(DataSourceUtils.class)
    @ConditionalOnSingleCandidate(DataSource.class)
    static class InDatabase {
        @Bean
        @ConditionalOnMissingBean(Submitter.class)
        SendportClient sendportClient(DataSource source, SendportProperties properties) {
            return client(source, properties);
        }

        /** Reads outcomes even if the application has its own submitter. */
        @Bean
        @ConditionalOnMissingBean(OutcomeSource.class)
        OutcomeSource sendportOutcomeSource(DataSource source, SendportProperties properties) {
            SendportClient client = client(source, properties);
            return after -> client.outcomes(after);
        }

        private static SendportClient client(DataSource source, SendportProperties properties) {
            return new TransactionalClient(
                    source,
                    new TransactionalSubmitter(properties.client().schema()),
                    new TransactionRule(properties.client().transactions(), "sendport.client.transactions"));
        }
    }
}
