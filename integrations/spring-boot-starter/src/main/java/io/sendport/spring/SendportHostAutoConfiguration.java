package io.sendport.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.component.Component;
import io.sendport.api.submit.Submitter;
import io.sendport.config.build.SendportConfiguration;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.Sendport;
import java.nio.file.Path;
import java.util.Map;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Creates a {@link SendportHost} for an application that runs send ports itself. The configuration refers to components and adapters among
 * the beans by bean name. A bean of type {@link SendportConfiguration} replaces the configuration file.
 */
@AutoConfiguration(
        after = DataSourceAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.metrics.export.simple.SimpleMetricsExportAutoConfiguration"
        })
@ConditionalOnProperty(prefix = "sendport", name = "enabled", matchIfMissing = true)
@ConditionalOnProperty(prefix = "sendport", name = "mode", havingValue = "host")
@ConditionalOnClass(Sendport.class)
@EnableConfigurationProperties(SendportProperties.class)
public class SendportHostAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(SendportHostAutoConfiguration.class);

    /** Creates the hosts. Spring starts them with the application. */
    @Bean
    SendportHost sendportHost(
            SendportProperties properties,
            Environment environment,
            ObjectProvider<SendportConfiguration> configuration,
            ObjectProvider<MeterRegistry> meters,
            ObjectProvider<OpenTelemetry> tracing,
            ObjectProvider<CurrentTransaction> transaction,
            Map<String, Component> components,
            Map<String, SendAdapter> adapters) {
        Path file = properties.host().config();
        SendportConfiguration built = configuration.getIfAvailable();
        Sendport.Builder builder = (built == null
                        ? Sendport.configuredBy(
                                () -> new ConfigurationReader(new EnvironmentPlaceholders(environment)).read(file))
                        : Sendport.configuredBy(built))
                .hosts(properties.host().names())
                .problems(problem -> LOG.warn("{}", problem));
        meters.ifAvailable(builder::meters);
        tracing.ifAvailable(builder::tracing);
        components.forEach(builder::component);
        adapters.forEach(builder::adapter);
        return new SendportHost(
                builder, properties.host().drain(), transaction.getIfAvailable(() -> CurrentTransaction.NONE));
    }

    /** Not created if the application has its own submitter; the hosts run nevertheless. */
    @Bean
    @ConditionalOnMissingBean(Submitter.class)
    Submitter sendportSubmitter(SendportHost host) {
        return host.submitter();
    }

    /** Joins Spring transactions, if the application has them. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DataSourceUtils.class)
    static class InTransactions {
        @Bean
        CurrentTransaction sendportCurrentTransaction(
                ObjectProvider<DataSource> source, SendportProperties properties) {
            return new OutboxTransactions(
                    source.getIfUnique(),
                    properties.client().schema(),
                    new TransactionRule(properties.host().transactions(), "sendport.host.transactions"));
        }
    }
}
