package io.sendport.spring;

import io.sendport.api.outcome.OutcomeSource;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Calls the methods with {@link SendportListener}. */
@AutoConfiguration(
        after = {SendportClientAutoConfiguration.class, SendportHostAutoConfiguration.class},
        afterName = "org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration")
@ConditionalOnBean(OutcomeSource.class)
public class SendportOutcomesAutoConfiguration {

    /** Processes every bean, so it must not instantiate other beans early. */
    @Bean
    static OutcomeListeners sendportOutcomeListeners(
            ObjectProvider<OutcomeSource> source, ObjectProvider<OutcomePositions> positions) {
        return new OutcomeListeners(source, positions);
    }

    /** Stores positions in files. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(prefix = "sendport.outcomes", name = "folder")
    static class InFolder {
        @Bean
        @ConditionalOnMissingBean
        OutcomePositions sendportOutcomePositions(SendportProperties properties) {
            Path folder = properties.outcomes().folder();
            return new PositionsInFolder(folder == null ? Path.of("") : folder);
        }
    }

    /** Stores positions in the application's database. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(prefix = "sendport.outcomes", name = "folder", matchIfMissing = true, havingValue = "none")
    @ConditionalOnClass(JdbcTemplate.class)
    @ConditionalOnSingleCandidate(DataSource.class)
    static class InDatabase {
        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnSingleCandidate(PlatformTransactionManager.class)
        OutcomePositions sendportOutcomePositions(DataSource source, PlatformTransactionManager transactions) {
            return new PositionsInDatabase(new JdbcTemplate(source), new TransactionTemplate(transactions));
        }
    }
}
