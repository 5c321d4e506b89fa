package io.sendport.console.pages;

import io.sendport.api.message.Body;
import io.sendport.console.access.Role;
import io.sendport.console.api.CallerView;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Route;
import io.sendport.host.operate.MessageContent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The content of a message: its parts and its mails. The ledger records the access before the reader sees the content. */
final class ContentPage {

    /** The limit for all texts of a page together, in bytes. */
    private static final int MAX_BYTES = 2 * 1024 * 1024;

    private final Renderer renderer;

    ContentPage(Renderer renderer) {
        this.renderer = renderer;
    }

    List<Route> routes() {
        return List.of(new Route("GET", "/messages/{id}/content", Set.of(Role.READER), this::show));
    }

    private Answer show(Call call) throws IOException {
        MessageContent content = new CallerView(renderer.all(), call).content();
        int room = Math.min(
                ShownPart.MAX_BYTES,
                MAX_BYTES / Math.max(1, content.parts().size() + content.mails().size()));
        List<ShownPart> parts = new ArrayList<>();
        for (int i = 0; i < content.parts().size(); i++) {
            parts.add(ShownPart.of(i + 1, content.parts().get(i), room));
        }
        List<ShownMail> mails = new ArrayList<>();
        for (Map.Entry<Integer, Body> each : content.mails().entrySet()) {
            mails.add(ShownMail.of(each.getKey(), each.getValue(), room));
        }
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("id", call.path("id"));
        model.put("properties", content.properties());
        model.put("parts", parts);
        model.put("mails", mails);
        return renderer.page(
                call,
                Section.MESSAGES,
                "Content of message " + Links.brief(call.path("id")),
                Optional.empty(),
                "content.jte",
                model);
    }
}
