package io.sendport.host.alert;

import io.sendport.config.Configuration;
import io.sendport.config.MessageBoxSettings;
import io.sendport.host.box.control.Actor;
import java.util.function.Supplier;

/**
 * Who sends alerts, as people read it.
 *
 * @param machine the name of this machine
 * @param instance the host instance that speaks
 * @param store the message box that the conditions are about, without credentials
 */
record AlertSender(String machine, String instance, String store) {

    static AlertSender of(Configuration configuration, Supplier<String> instance) {
        return new AlertSender(Actor.machine(), instance.get(), store(configuration.messageBox()));
    }

    /** The file, or the URL without its parameters, which may hold a password. */
    private static String store(MessageBoxSettings settings) {
        return settings.sqliteFile().map(Object::toString).orElseGet(settings::shownUrl);
    }
}
