package io.sendport.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.smtp.wire.Answer;
import io.sendport.smtp.wire.Channel;
import io.sendport.smtp.wire.Phase;
import io.sendport.smtp.wire.Reply;
import io.sendport.smtp.wire.ReplyPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyRulesTest {

    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final Origin HERE = new Origin(Path.of("sendport.xml"), 7, 1);

    private static Settings element(String name, List<Settings> children, String... pairs) {
        Map<String, Setting> attributes = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            attributes.put(pairs[i], Setting.plain(pairs[i + 1], HERE));
        }
        return new Settings(name, HERE, attributes, children, "");
    }

    private static Settings smtp(String preset, Settings... rules) {
        return element("smtp", List.of(element("replies", List.of(rules), "preset", preset)));
    }

    private static Settings rule(String... pairs) {
        return element("reply", List.of(), pairs);
    }

    private static DeliveryResult answered(ReplyRules rules, String... replies) {
        List<Answer> results = new ArrayList<>();
        for (String each : replies) {
            Reply reply = Reply.of(Integer.parseInt(each.substring(0, 3)), each.substring(4));
            results.add(new Answer(
                    MailAddress.parse("r" + results.size() + "@customer.example"),
                    reply.code() / 100 == 2 ? Outcome.ACCEPTED : ReplyPolicy.outcome(Phase.RCPT, reply),
                    Phase.RCPT,
                    reply));
        }
        return rules.applied(new SmtpResult(results, Channel.none("r"), "", Duration.ZERO, List.of()), NOW)
                .forEngine();
    }

    @Test
    void appliesTheActionOfTheMatchingRule() {
        ReplyRules rules = ReplyRules.of(smtp(
                "",
                rule("enhanced", "4.3.2", "action", "retry", "after", "PT7M"),
                rule("code", "550", "text", "account (disabled|expired)", "action", "pausePort"),
                rule("code", "451", "action", "suspend"),
                rule("text", "quota", "action", "pausePort", "after", "PT1H")));
        DeliveryResult later = answered(rules, "432 4.3.2 too busy");
        assertThat(later.advice().retryAfter()).contains(Duration.ofMinutes(7));
        DeliveryResult stopped = answered(rules, "550 5.1.1 Account Disabled");
        assertThat(stopped.has(Outcome.DEFERRED)).isTrue();
        assertThat(stopped.advice().rest().orElseThrow().isForPerson()).isTrue();
        assertThat(answered(rules, "451 4.0.0 x").has(Outcome.REFUSED)).isTrue();
        assertThat(answered(rules, "552 5.2.2 over quota")
                        .advice()
                        .rest()
                        .orElseThrow()
                        .until())
                .isEqualTo(NOW.plus(Duration.ofHours(1)));
        assertThat(answered(rules, "550 5.1.1 unknown").has(Outcome.REFUSED)).isTrue();
    }

    @Test
    void appliesNoRuleToAcceptedRecipients() {
        ReplyRules rules = ReplyRules.of(smtp("", rule("text", "ok|later", "action", "suspend")));
        DeliveryResult result = answered(rules, "250 2.0.0 ok", "450 4.2.0 later");
        assertThat(result.recipients())
                .extracting(RecipientResult::outcome)
                .containsExactly(Outcome.ACCEPTED, Outcome.REFUSED);
    }

    @ParameterizedTest
    @CsvSource({
        "microsoft365,432 4.3.2 Concurrent connections limit exceeded,retry after PT1M",
        "microsoft365,451 4.7.500 Server busy,retry after PT15M",
        "microsoft365,451 4.7.550 Access denied please try again later,retry after PT15M",
        "microsoft365,421 4.3.0 Server busy,retry after PT15M",
        "microsoft365,421 Server busy,retry after PT15M",
        "microsoft365,451 4.7.1 Greylisted,4xx is deferred",
        "microsoft365,554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException,continues after PT1H",
        "microsoft365,550 5.1.90 daily recipient limit,continues after PT1H",
        "microsoft365,535 5.7.139 SmtpClientAuthentication is disabled,until an operator starts it",
        "exchange,452 4.3.1 Insufficient system resources,retry after PT10M",
        "exchange,530 5.7.57 Client not authenticated,until an operator starts it",
        "exchange,550 5.1.10 RecipientNotFound,5xx is refused",
        "postfix,450 4.2.0 Greylisted,retry after PT5M",
        "postfix,451 4.3.0 x,4xx is deferred"
    })
    void presetsHandleTheRepliesOfKnownServers(String preset, String reply, String told) {
        assertThat(ReplyRules.of(smtp(preset)).explain(reply)).contains(told);
    }

    @Test
    void reportsAllProblemsWithRulesAtOnce() {
        assertThat(ReplyRules.check(smtp(
                                "sendmail",
                                rule("action", "retry"),
                                rule("code", "250", "action", "suspend", "after", "PT1M"),
                                rule("text", "(", "action", "explode"),
                                rule("enhanced", "4.7.5*", "action", "backup", "after", "PT1M")))
                        .toString())
                .contains("\"sendmail\" is not known")
                .contains("would match every answer")
                .contains("is not a failure code")
                .contains("has no effect with action=\"suspend\"")
                .contains("is not a regular expression")
                .contains("\"explode\" is not known")
                .contains("is not an enhanced status code")
                .contains("has no effect with action=\"backup\"");
    }
}
