package io.sendport.config.read;

import io.sendport.api.mail.MediaType;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.util.List;
import java.util.stream.Stream;

/** Checks the media types that a port gives to bodies and attachments. They are written to a header unchanged. */
final class ContentTypes {

    private ContentTypes() {}

    static List<Problem> check(Settings mail) {
        return Stream.concat(mail.children("body").stream(), mail.children("attach").stream())
                .filter(each -> each.text("type").isPresent() && !MediaType.isWellFormed(each.text("type", "")))
                .map(each -> each.problem(
                        "type",
                        "\"" + each.text("type", "") + "\" is not a well-formed content type",
                        "expected a content type such as text/html"))
                .toList();
    }
}
