package io.sendport.config.port;

import io.sendport.api.settings.Settings;
import java.util.List;
import java.util.Optional;

/**
 * A send pipeline as one port runs it: the port's own settings are merged into those of the components.
 *
 * @param name its name
 * @param preAssemble the components in their order
 * @param assemble the assembler where one is named; otherwise the MIME assembler
 * @param encode the components in their order
 */
public record Pipeline(String name, List<Settings> preAssemble, Optional<Settings> assemble, List<Settings> encode) {

    /** The pipeline of a port that names no pipeline. */
    public static final String PASS_THRU = "PassThruTransmit";
}
