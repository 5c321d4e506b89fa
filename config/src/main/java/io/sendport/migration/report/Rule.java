package io.sendport.migration.report;

import java.util.Locale;

/**
 * The rules of the mapping: each kind of setting, and its replacement. docs/import-report.md shows this table; scripts may rely on the
 * codes.
 */
public enum Rule {
    BT_PORT(Outcome.EXACT, "a property with the same meaning", "attribute of its name"),
    BT_HOST(Outcome.EXACT, "SendHandler@Name", "<host name>"),
    BT_HOST_ABSENT(
            Severity.WARNING,
            Outcome.APPROX,
            "no SendHandler in the port",
            "<host name=\"BizTalkServerApplication\">: BizTalk's first host"),
    BT_NAME(Outcome.APPROX, "a name that Sendport does not allow", "illegal characters as _, cut to 100, made unique"),
    BT_SERVER_HANDLER(
            Outcome.TODO, "no SMTPHost in the port", "<host><smtp host>: set in the handler, not in the binding"),
    BT_FROM_HANDLER(Outcome.TODO, "no From in the port", "<host><mail from>: set in the handler, not in the binding"),
    BT_AUTH_HANDLER(Outcome.TODO, "no SMTPAuthenticate in the port", "auth: set in the handler, not in the binding"),
    BT_TLS(
            Outcome.APPROX,
            "no TLS in BizTalk",
            "tls=\"required\" where the port logs on, else \"opportunistic\"; \"none\" for a log-on to localhost"),
    BT_IDENTITY(Outcome.TODO, "SMTPAuthenticate 2: the account of the host instance", "<identity>"),
    BT_PASSWORD(Outcome.TODO, "Password", "{{env:...}}, regardless of its value"),
    BT_PASSWORD_CLEAR(Severity.WARNING, Outcome.APPROX, "a password in clear text", "not copied: change the password"),
    BT_USER_UNUSED(Outcome.APPROX, "Username without authentication", "left out: BizTalk ignored it"),
    BT_PLACEHOLDER(Outcome.TODO, "{{ in a text", "a property whose value is the text"),
    BT_TEMPLATE(Outcome.TODO, "${...} that a deployment tool did not fill in", "a property"),
    BT_TO_MISSING(Outcome.TODO, "no To in a static port", "to: a property"),
    BT_ADDRESS(Outcome.TODO, "an invalid address", "a property"),
    BT_ADDRESS_DIFFERS(Severity.WARNING, Outcome.APPROX, "Address and To differ", "to: the value of To"),
    BT_PARTY(
            Severity.WARNING,
            Outcome.APPROX,
            "%DestinationParty% in To or CC",
            "domains=\"*\": replace it by a list of domains"),
    BT_MACRO(
            Severity.WARNING,
            Outcome.APPROX,
            "a macro in Subject whose value the message brings",
            "kept: a message without the value is suspended"),
    BT_FROM_SEVERAL(Severity.WARNING, Outcome.APPROX, "several addresses in From", "from: the first"),
    BT_RECEIPT(Outcome.APPROX, "DeliveryReceipt", "deliveryReceipt=\"success\": DSN instead of a header"),
    BT_CHARSET(Severity.WARNING, Outcome.APPROX, "a charset that Java does not know", "charset=\"utf-8\""),
    BT_BODY_FILE(Outcome.TODO, "EmailBodyFile", "<body file=\"import/...\">"),
    BT_BODY_FILE_UNUSED(Outcome.APPROX, "EmailBodyFile beside EmailBodyText", "left out: the text takes precedence"),
    BT_BODY_REPLACES(
            Severity.WARNING,
            Outcome.EXACT,
            "an e-mail body, and no message part attached",
            "only <body>: the message itself is not sent, as in BizTalk"),
    BT_ATTACHMENT(Outcome.TODO, "Attachments", "<attach file=\"import/...\">"),
    BT_ENCODER_IGNORES(
            Outcome.APPROX,
            "EmailBody and Attachments of a port whose pipeline encodes",
            "left out: BizTalk ignored them"),
    BT_UNREADABLE(Severity.WARNING, Outcome.APPROX, "a value that is not valid", "its default"),
    BT_RETRY_LIMIT(Outcome.APPROX, "RetryCount over 1000", "count=\"1000\""),
    BT_BACKUP_DIFFERS(
            Severity.WARNING,
            Outcome.APPROX,
            "a backup transport with another To, CC, From, Subject or window",
            "the values of the primary transport"),
    BT_BACKUP_OTHER(
            Severity.ERROR,
            Outcome.REFUSED,
            "a backup transport that does not send mail",
            "left out: a failed message is suspended"),
    BT_MAIL_AS_BACKUP(Severity.ERROR, Outcome.REFUSED, "mail as the backup of another adapter", "nothing"),
    BT_WINDOW(Outcome.APPROX, "service window", "<serviceWindow zone>"),
    BT_WINDOW_ZONE(
            Severity.WARNING, Outcome.APPROX, "service window without a known zone", "zone=\"UTC\", or standard time"),
    BT_WINDOW_ALWAYS(Outcome.EXACT, "a window of the whole day", "none"),
    BT_STOP_UNORDERED(Outcome.APPROX, "StopSendingOnFailure without ordered delivery", "left out: it had no effect"),
    BT_NOTIFICATION(Outcome.APPROX, "DeliveryNotification", "acknowledgments are published to every subscriber"),
    BT_FILTER_ABSENT(
            Outcome.APPROX, "operator <> in a filter", "notEquals: in Sendport an absent property matches nothing"),
    BT_FILTER_PROPERTY(
            Outcome.TODO, "a property schema's property in a filter", "its last part, and a <promote> to write"),
    BT_FILTER_SETTER(
            Outcome.TODO,
            "a property in a filter that nothing in the configuration sets",
            "kept: the submitter sets it"),
    BT_FILTER_REFUSED(
            Severity.ERROR,
            Outcome.REFUSED,
            "a filter that Sendport cannot express",
            "no <subscribe>: never more than it matched"),
    BT_MAP(Outcome.TODO, "Transforms", "<map messageType stylesheet=\"import/...\">"),
    BT_XML_ASSEMBLER(Outcome.APPROX, "XMLTransmit", "no pipeline: declaration, BOM and charset stay as in the message"),
    BT_COMPONENT(Outcome.TODO, "a pipeline component", "<component class>, to be ported"),
    BT_COMPONENT_MORE(
            Severity.WARNING,
            Outcome.APPROX,
            "a custom pipeline without its .btp file",
            "the components whose properties the port sets"),
    BT_PIPELINE_UNKNOWN(Outcome.TODO, "a pipeline without known components", "one <component class> named after it"),
    BT_CLEAR_ENCRYPTED(Outcome.APPROX, "a clear signature with encryption", "signature=\"opaque\" inside"),
    BT_ALGORITHM(Outcome.APPROX, "encryption algorithm absent or DES", "aes128-cbc"),
    BT_REVOCATION(Outcome.TODO, "ValidateCRL, on by default", "trustStore=\"import/authorities.pem\""),
    BT_SIGNING_KEY(Outcome.TODO, "the group's signing certificate", "signingKey=\"import/signing.p12\""),
    BT_RECIPIENT_CERTIFICATE(Outcome.TODO, "EncryptionCert", "recipientCertificates=\"import/certs/...\""),
    BT_CERTIFICATE_UNUSED(Outcome.APPROX, "EncryptionCert without an encoder", "left out: BizTalk never used it"),
    BT_ENCODING(Outcome.APPROX, "uuencode or binary", "base64"),
    BT_DYNAMIC(Severity.ERROR, Outcome.REFUSED, "a dynamic port", "a comment with an element to complete"),
    BT_PORT_BROKEN(Severity.ERROR, Outcome.REFUSED, "a port whose settings are not valid XML", "nothing"),
    BT_MAIL_ADAPTER(Severity.ERROR, Outcome.REFUSED, "another mail adapter", "a comment with an element to complete"),
    BT_GROUP(Outcome.APPROX, "a member of a group that does not send mail", "left out of <sendPortGroup>"),
    BT_UNFED(Outcome.APPROX, "a port without a source in the files", "submit with --port"),
    BT_UNKNOWN(Severity.WARNING, Outcome.APPROX, "an element that is not known", "nothing"),
    BT_TRACKING(
            Outcome.SKIPPED, "Tracking, BindingOption, AnalyticsEnabled", "nothing: the ledger records every message"),
    BT_NOT_MAIL(Outcome.SKIPPED, "ports, orchestrations and parties that do not send mail", "nothing"),
    SSIS_TASK(Outcome.EXACT, "Send Mail task", "<sendPort>"),
    SSIS_CONNECTION(Outcome.EXACT, "SMTP connection manager", "<smtpConnection>"),
    SSIS_TLS(
            Outcome.APPROX,
            "EnableSsl and UseWindowsAuthentication",
            "tls=\"required\" for TLS or a log-on, else \"opportunistic\"; \"none\" for a log-on to localhost"),
    SSIS_IDENTITY(Outcome.TODO, "UseWindowsAuthentication=True", "auth=\"ntlm\" and <identity>"),
    SSIS_PASSWORD(Outcome.TODO, "UserName and Password in a connection string", "auth=\"basic\" with {{env:...}}"),
    SSIS_CONNECTION_MISSING(Outcome.TODO, "a connection that is not in the files", "connection=\"{{...}}\""),
    SSIS_CONNECTION_UNUSED(Outcome.APPROX, "a connection without a task", "<smtpConnection>"),
    SSIS_CONNECTION_EXPRESSION(Outcome.APPROX, "an expression for a connection", "the stored connection string"),
    SSIS_OVERRIDDEN(Severity.WARNING, Outcome.EXACT, "a .dtsConfig value", "overrides the package"),
    SSIS_EXPRESSION(
            Severity.WARNING, Outcome.APPROX, "an expression for a property without macros", "the stored value"),
    SSIS_UNKNOWN(Severity.WARNING, Outcome.APPROX, "a property that is not known", "nothing"),
    SSIS_BODY(Outcome.APPROX, "MessageSourceType DirectInput", "<body>: the package submits an empty message"),
    SSIS_BODY_VARIABLE(Outcome.APPROX, "MessageSourceType Variable", "no <body>: the submitted text is the body"),
    SSIS_BODY_FILE(Outcome.TODO, "MessageSourceType FileConnection", "<body file=\"import/...\">"),
    SSIS_ATTACHMENT(Outcome.TODO, "Attachments", "<attach file=\"import/...\">"),
    SSIS_MACRO(Outcome.APPROX, "a variable in an expression", "%Name%: the package passes its value with --set"),
    SSIS_PARAMETER(Outcome.APPROX, "a parameter in an expression", "{{Name:its value}}"),
    SSIS_PARAMETER_UNKNOWN(
            Outcome.TODO,
            "a parameter whose value is not in the files",
            "{{Name}}, or {{env:...}} where it is sensitive"),
    SSIS_FUNCTION(Outcome.TODO, "an expression that computes", "one macro, whose value the package computes"),
    SSIS_PLACEHOLDER(Outcome.TODO, "{{ in a text", "a property whose value is the text"),
    SSIS_ADDRESS(Outcome.TODO, "no recipient, or no sender", "a property"),
    SSIS_DOMAINS(
            Severity.WARNING,
            Outcome.APPROX,
            "an address computed by the package",
            "domains=\"*\": replace it by a list of domains"),
    SSIS_PRIORITY(Outcome.EXACT, "Priority", "importance"),
    SSIS_RETRY(Outcome.APPROX, "no retry in SSIS", "three retries, five minutes apart"),
    SSIS_LOOP(Outcome.APPROX, "a task in a loop", "one submit per iteration"),
    SSIS_DISABLED(Outcome.APPROX, "a disabled task", "initialState=\"unenlisted\""),
    SSIS_EVENT(Outcome.APPROX, "a task of an event handler", "<sendPort>"),
    SSIS_NAME(
            Outcome.APPROX, "a name that Sendport does not allow", "illegal characters as _, cut to 100, made unique"),
    SSIS_CODE(Severity.WARNING, Outcome.SKIPPED, "a script that sends mail in code", "nothing"),
    SSIS_NOT_MAIL(Outcome.SKIPPED, "other connection managers", "nothing");

    private final Severity severity;
    private final Outcome outcome;
    private final String source;
    private final String target;

    Rule(Outcome outcome, String source, String target) {
        this(
                switch (outcome) {
                    case TODO -> Severity.TODO;
                    case REFUSED -> Severity.ERROR;
                    default -> Severity.INFO;
                },
                outcome,
                source,
                target);
    }

    Rule(Severity severity, Outcome outcome, String source, String target) {
        this.severity = severity;
        this.outcome = outcome;
        this.source = source;
        this.target = target;
    }

    /** The code in scripts and the documentation: {@code BT-AUTH-HANDLER}. */
    public String code() {
        return name().replace('_', '-');
    }

    public Severity severity() {
        return severity;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** The outcome as reports spell it. */
    public String word() {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    /** The setting that the rule maps. */
    public String source() {
        return source;
    }

    /** The replacement in the configuration. */
    public String target() {
        return target;
    }
}
