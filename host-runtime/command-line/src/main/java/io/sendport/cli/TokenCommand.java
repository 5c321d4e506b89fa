package io.sendport.cli;

import io.sendport.cli.option.ActOptions;
import io.sendport.cli.option.CommandGroup;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.option.UsageException;
import io.sendport.cli.output.ExitStatus;
import io.sendport.cli.output.Output;
import io.sendport.console.access.Grant;
import io.sendport.console.access.Token;
import io.sendport.console.access.TokenFile;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.Times;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sendport token}. */
@Command(
        name = "token",
        description = "Creates, lists and revokes tokens for the HTTP API.",
        footer = {
            "",
            "Examples:",
            "  sendport token add billing --role submitter:Invoices --expires 365d",
            "  sendport token add night-shift --role operator:Finance* --role reader:Finance*",
            "  sendport token list",
            "  sendport token revoke billing --reason \"it was in a log\""
        })
final class TokenCommand extends CommandGroup {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,100}");
    private static final List<String> HEADINGS = List.of("name", "roles", "made", "expires");

    @Command(
            name = "add",
            description = {
                "Creates a token and prints its secret. The secret cannot be shown again: Sendport stores only its hash.",
                "ROLE is viewer, reader, submitter, operator, auditor or admin. :PORTS or :application=NAME limits the role to these ports."
            },
            footer = {"", "Example:", "  sendport token add billing --role submitter:Invoices --expires 365d"})
    int add(
            @Mixin CommonOptions own,
            @Mixin ActOptions act,
            @Option(
                            names = "--role",
                            paramLabel = "ROLE[:WHERE]",
                            required = true,
                            description = "A role of the token; repeatable.")
                    List<String> roles,
            @Option(
                            names = "--expires",
                            paramLabel = "DURATION",
                            description = "How long the token is valid, for example 365d. Default: it never expires.")
                    @Nullable
                    String expires,
            @Parameters(paramLabel = "NAME", description = "The name of the token, for the ledger.") String name)
            throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new UsageException("\"" + name
                    + "\" is not a valid token name; use 1 to 100 letters, digits and . _ @ - without spaces");
        }
        List<Grant> grants = Grant.parseNew(String.join(",", roles));
        Instant now = Clock.systemUTC().instant();
        String secret = Token.newSecret();
        Token token = new Token(
                name,
                Token.hash(secret),
                grants,
                now,
                Optional.ofNullable(expires).map(each -> now.plus(Times.duration(each))));
        PrintWriter out = spec.commandLine().getOut();
        if (act.dryRun()) {
            out.println("token " + name + " would be created with " + texts(grants));
            return ExitStatus.DONE;
        }
        try (Operations operations = own.creating()) {
            TokenFile file = new TokenFile(own.routing().tokens());
            file.add(token);
            operations.accessLog().access(act.actor(), "token " + name + " was created with " + texts(grants));
        } catch (TokenFile.NameException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        if (own.json()) {
            Map<String, Object> map = asMap(token);
            map.put("secret", secret);
            out.println(Json.write(map));
        } else {
            out.println(secret);
            PrintWriter err = spec.commandLine().getErr();
            err.println("The secret is shown only now.");
            err.println("HTTP: send the header field Authorization: Bearer SECRET with each request.");
            err.println("SMTP: the user is the name of the token, the password is the secret.");
        }
        return ExitStatus.DONE;
    }

    @Command(
            name = "list",
            description = "Lists all tokens, without their secrets.",
            footer = {"", "Example:", "  sendport token list --json"})
    int list(@Mixin CommonOptions own) throws IOException {
        List<Token> tokens = new TokenFile(own.routing().tokens()).all();
        PrintWriter out = spec.commandLine().getOut();
        if (own.json()) {
            tokens.forEach(each -> out.println(Json.write(asMap(each))));
        } else {
            Output.table(out, HEADINGS, tokens.stream().map(TokenCommand::cells).toList());
        }
        return ExitStatus.DONE;
    }

    @Command(
            name = "revoke",
            description = "Revokes a token. The next request with it is refused.",
            footer = {"", "Example:", "  sendport token revoke billing --reason \"it was in a log\""})
    int revoke(
            @Mixin CommonOptions own,
            @Mixin ActOptions act,
            @Parameters(paramLabel = "NAME", description = "The name of the token.") String name)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (act.dryRun()) {
            out.println("token " + name + " would be revoked");
            return ExitStatus.DONE;
        }
        // Revoke first: the token must be invalid even if recording fails.
        try {
            new TokenFile(own.routing().tokens()).revoke(name);
        } catch (TokenFile.NameException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        out.println("token " + name + " is revoked");
        try (Operations operations = own.creating()) {
            operations.accessLog().access(act.actor(), "token " + name + " was revoked");
        }
        return ExitStatus.DONE;
    }

    private static String texts(List<Grant> grants) {
        return String.join(", ", grants.stream().map(Grant::toString).toList());
    }

    private static Map<String, Object> asMap(Token token) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", token.name());
        map.put("roles", token.grants().stream().map(Grant::toString).toList());
        map.put("madeAt", token.madeAt());
        map.put("expiresAt", token.expiresAt());
        return map;
    }

    private static List<String> cells(Token token) {
        return List.of(
                token.name(),
                texts(token.grants()),
                Output.time(token.madeAt()),
                token.expiresAt().map(Output::time).orElse("never"));
    }
}
