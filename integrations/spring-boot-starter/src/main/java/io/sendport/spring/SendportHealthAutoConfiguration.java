package io.sendport.spring;

import io.sendport.host.Sendport;
import io.sendport.host.condition.ConditionText;
import io.sendport.host.condition.Severity;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Reports the health of the send ports in this application. */
@AutoConfiguration(after = SendportHostAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, Sendport.class})
@ConditionalOnBean(SendportHost.class)
public class SendportHealthAutoConfiguration {

    /** Down when the engine cannot work. Conditions that need an operator are only details, because a restart would not fix them. */
    @Bean
    @ConditionalOnMissingBean(name = "sendportHealthIndicator")
    HealthIndicator sendportHealthIndicator(SendportHost host) {
        return () -> {
            Optional<Sendport> sendport = host.sendport();
            if (sendport.isEmpty()) {
                return Health.down()
                        .withDetail("reason", "Sendport is not running")
                        .build();
            }
            io.sendport.host.observe.Health health = sendport.get().health();
            Health.Builder builder = io.sendport.host.observe.Health.isUp(health.ready()) ? Health.up() : Health.down();
            health.ready().forEach((name, fault) -> {
                if (!fault.isEmpty()) {
                    builder.withDetail(name, fault);
                }
            });
            List<String> conditions = health.conditions().stream()
                    .filter(each -> each.severity() != Severity.INFO)
                    .map(ConditionText::sentence)
                    .toList();
            return conditions.isEmpty()
                    ? builder.build()
                    : builder.withDetail("conditions", conditions).build();
        };
    }
}
