package io.sendport.smtp.relay;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Settings;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How to get an access token (RFC 6749): by a refresh token (section 6) where there is one, else by client credentials (section 4.4).
 *
 * @param tokenEndpoint the server to ask
 * @param clientId the client that asks
 * @param clientSecret its secret
 * @param refreshToken the lasting consent of a person
 * @param scope the requested scope; may be empty
 */
public record OAuth2(
        URI tokenEndpoint,
        String clientId,
        Optional<Secret> clientSecret,
        Optional<Secret> refreshToken,
        String scope) {

    private static final String MICROSOFT = "microsoft365";
    private static final String GOOGLE = "google";

    static OAuth2 of(Settings settings) {
        String preset = settings.text("preset", "");
        String endpoint =
                switch (preset) {
                    case MICROSOFT ->
                        "https://login.microsoftonline.com/" + settings.text("tenant", "organizations")
                                + "/oauth2/v2.0/token";
                    case GOOGLE -> "https://oauth2.googleapis.com/token";
                    default -> "";
                };
        String scope =
                switch (preset) {
                    case MICROSOFT -> "https://outlook.office365.com/.default";
                    case GOOGLE -> "https://mail.google.com/";
                    default -> "";
                };
        return new OAuth2(
                URI.create(settings.text("tokenEndpoint", endpoint)),
                settings.require("clientId"),
                settings.secret("clientSecret"),
                settings.secret("refreshToken"),
                settings.text("scope", scope));
    }

    public static List<Problem> check(Settings relay) {
        List<Problem> problems = new ArrayList<>();
        boolean wanted = relay.text("auth", "none").equals("xoauth2");
        Optional<Settings> given = relay.child("oauth2");
        if (!wanted) {
            given.ifPresent(each -> problems.add(Problem.error(
                    each.origin(),
                    "<oauth2>",
                    "is set, but auth is not xoauth2",
                    "set auth=\"xoauth2\", or leave <oauth2> out")));
            return problems;
        }
        if (given.isEmpty()) {
            problems.add(relay.problem(
                    "auth", "\"xoauth2\" needs a source of access tokens", "add <oauth2>, or set another auth"));
            return problems;
        }
        Settings settings = given.get();
        String preset = settings.text("preset", "");
        if (!preset.isEmpty() && !List.of(MICROSOFT, GOOGLE).contains(preset)) {
            problems.add(settings.problem(
                    "preset",
                    "\"" + preset + "\" is not known",
                    "expected microsoft365 or google, or tokenEndpoint instead of preset"));
        }
        if (preset.isEmpty() && settings.text("tokenEndpoint").isEmpty()) {
            problems.add(settings.problem("tokenEndpoint", "is missing", "set it, or a preset"));
        }
        String endpoint = settings.text("tokenEndpoint", "https://preset");
        if (!endpoint.startsWith("https://")) {
            problems.add(settings.problem(
                    "tokenEndpoint", "would send the client's secret in clear text", "expected https://"));
        }
        if (settings.text("clientId").isEmpty()) {
            problems.add(settings.problem("clientId", "is missing", "expected the client's id"));
        }
        if (settings.text("clientSecret").isEmpty()
                && settings.text("refreshToken").isEmpty()) {
            problems.add(settings.problem("clientSecret", "is missing", "expected clientSecret or refreshToken"));
        }
        if (preset.equals(GOOGLE) && settings.text("refreshToken").isEmpty()) {
            problems.add(settings.problem(
                    "refreshToken",
                    "is missing; Google issues no mail tokens for client credentials",
                    "set refreshToken"));
        }
        return problems;
    }

    /** Contains no secret. */
    @Override
    public String toString() {
        return "OAuth2[" + clientId + " at " + tokenEndpoint + "]";
    }
}
