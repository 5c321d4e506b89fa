package io.sendport.host.alert;

import io.sendport.config.Configuration;
import io.sendport.config.MessageBoxSettings;
import io.sendport.host.box.control.Actor;
import java.util.function.Supplier;

/**
 * The sender of an alert, as alerts name it.
 *
 * @param machine the name of this machine
 * @param instance the host instance that sends; empty for the command {@code alerts test}
 * @param store the file or URL of the message box that the conditions concern, without credentials
 */
record AlertSender(String machine, String instance, String store) {

    static AlertSender of(Configuration configuration, Supplier<String> instance) {
        return new AlertSender(Actor.machine(), instance.get(), store(configuration.messageBox()));
    }

    /** Returns the file, or the URL without its parameters, because they may contain a password. */
    private static String store(MessageBoxSettings settings) {
        return settings.sqliteFile().map(Object::toString).orElseGet(settings::shownUrl);
    }
}
