package io.sendport.config.port;

import io.sendport.api.settings.Settings;
import java.util.List;
import java.util.Optional;

/**
 * A send pipeline as one port runs it: the port's own settings are merged into the components'.
 *
 * @param name its name
 * @param preAssemble in order
 * @param assemble where one is named; else the MIME assembler
 * @param encode in order
 */
public record Pipeline(String name, List<Settings> preAssemble, Optional<Settings> assemble, List<Settings> encode) {

    /** What a port runs that names no pipeline. */
    public static final String PASS_THRU = "PassThruTransmit";
}
