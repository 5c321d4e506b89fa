package io.sendport.migration.biztalk;

import io.sendport.migration.source.Node;
import java.util.ArrayList;
import java.util.List;

/** Lists the settings of a port that is not imported, for the person who writes the port by hand. */
final class OmittedSettings {

    private OmittedSettings() {}

    /** A text that continues a sentence: {@code ; not taken over: Filter, Priority 2}. Empty when the port has only defaults. */
    static String of(Node port) {
        List<String> settings = new ArrayList<>();
        String pipeline = Pipelines.last(Pipelines.of(port));
        if (!pipeline.equals("PassThruTransmit")) {
            settings.add("TransmitPipeline " + pipeline);
        }
        for (String each : List.of("SendPipelineData", "Filter")) {
            port.text(each).filter(text -> !text.isBlank()).ifPresent(text -> settings.add(each));
        }
        int maps = port.children("Transforms", "Transform").size();
        if (maps > 0) {
            settings.add("Transforms (" + maps + ")");
        }
        port.child("EncryptionCert")
                .filter(each -> each.attribute("ThumbPrint").isPresent())
                .ifPresent(each -> settings.add("EncryptionCert"));
        for (String each : List.of("OrderedDelivery", "StopSendingOnFailure", "RouteFailedMessage")) {
            port.text(each)
                    .filter(text -> text.strip().equalsIgnoreCase("true"))
                    .ifPresent(text -> settings.add(each));
        }
        port.text("Priority")
                .map(String::strip)
                .filter(text -> !text.equals("5"))
                .ifPresent(text -> settings.add("Priority " + text));
        return settings.isEmpty() ? "" : "; not taken over: " + String.join(", ", settings);
    }
}
