package io.sendport.spring;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.ClassUtils;

/**
 * Keeps Spring Boot from running Flyway on the application's database only because the engine brought Flyway along. An application that uses Flyway has migrations in
 * {@code db/migration}, or sets {@code spring.flyway.enabled}; nothing changes there.
 */
final class FlywayOfTheEngine implements EnvironmentPostProcessor {

    private static final String ENABLED = "spring.flyway.enabled";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        ClassLoader loader = application.getClassLoader();
        boolean isEngineHere = ClassUtils.isPresent("io.sendport.host.Sendport", loader);
        boolean isUsed = environment.containsProperty(ENABLED)
                || environment.containsProperty("spring.flyway.locations")
                || loader.getResource("db/migration") != null;
        if (isEngineHere && !isUsed) {
            environment.getPropertySources().addLast(new MapPropertySource("sendport", Map.of(ENABLED, "false")));
        }
    }
}
