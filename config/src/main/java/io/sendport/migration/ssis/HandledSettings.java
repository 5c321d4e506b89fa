package io.sendport.migration.ssis;

import java.util.Locale;
import java.util.Set;

/** The settings of a Send Mail task that {@link TaskMapping} maps, or omits on purpose. */
final class HandledSettings {

    /** Expressions that are mapped or reported elsewhere. */
    private static final Set<String> EXPRESSED = Set.of(
            "FromLine",
            "ToLine",
            "CCLine",
            "BCCLine",
            "Subject",
            "MessageSource",
            "FileAttachments",
            "SmtpConnection",
            "Priority");

    private static final Set<String> ATTRIBUTES = Set.of(
            "smtpserver",
            "from",
            "to",
            "cc",
            "bcc",
            "subject",
            "priority",
            "messagesourcetype",
            "messagesource",
            "attachments",
            "fileattachments",
            "property",
            "objectdata",
            "variables",
            "loggingoptions",
            "propertyexpression",
            "sendmailtaskdata",
            "creationname",
            "objectname",
            "dtsid",
            "refid",
            "executabletype",
            "disabled",
            "description",
            "taskcontact",
            "localeid",
            "delayvalidation",
            "threadhint",
            "failpackageonfailure",
            "failparentonfailure",
            "xmlns");

    private HandledSettings() {}

    /** Whether an expression for {@code property} is mapped or reported. */
    static boolean isExpression(String property) {
        return EXPRESSED.contains(property);
    }

    /** Whether the attribute or element {@code name} is handled. SSIS writes names in several spellings. */
    static boolean isProperty(String name) {
        return ATTRIBUTES.contains(name.toLowerCase(Locale.ROOT));
    }
}
