package io.sendport.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import co.elastic.logging.logback.EcsEncoder;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes an event as JSON with the keys of the Elastic Common Schema (ECS). Port, message id and attempt get keys of Sendport, since
 * {@code message} is the log text in ECS.
 */
final class JsonLine extends EcsEncoder {

    private static final Map<String, String> KEYS = Map.of(
            "port", "sendport.port",
            "message", "sendport.message",
            "attempt", "sendport.attempt");

    @Override
    public byte[] encode(ILoggingEvent event) {
        return super.encode(renamed(event));
    }

    private static ILoggingEvent renamed(ILoggingEvent event) {
        if (event.getMDCPropertyMap().isEmpty()) {
            return event;
        }
        Map<String, String> about = new TreeMap<>();
        event.getMDCPropertyMap().forEach((key, value) -> about.put(KEYS.getOrDefault(key, key), value));
        return (ILoggingEvent) Proxy.newProxyInstance(
                JsonLine.class.getClassLoader(), new Class<?>[] {ILoggingEvent.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getMDCPropertyMap")) {
                        return about;
                    }
                    try {
                        return method.invoke(event, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }
}
