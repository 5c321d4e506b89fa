package io.sendport.spring;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.ClassUtils;

/**
 * Disables Spring Boot's Flyway by default when only the engine brings Flyway to the class path. Nothing changes for an application that
 * uses Flyway itself: it has migrations in {@code db/migration}, or sets a property of {@code spring.flyway}.
 */
final class FlywayDefault implements EnvironmentPostProcessor {

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
