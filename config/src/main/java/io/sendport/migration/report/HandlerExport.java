package io.sendport.migration.report;

import java.util.List;

/** Exports the settings of send handlers from a BizTalk server, because binding files do not contain them. */
public final class HandlerExport {

    /** A PowerShell script to run on the server. It writes a file that is given to {@code import biztalk} together with the binding. */
    public static final List<String> SCRIPT = List.of(
            "$handlers = Get-CimInstance -Namespace root/MicrosoftBizTalkServer -ClassName MSBTS_SendHandler2 -Filter \"AdapterName='SMTP'\"",
            "$lines = foreach ($h in $handlers) {",
            "  $bag = ([xml]$h.CustomCfg).DocumentElement.InnerXml",
            "  \"<handler host=`\"$([Security.SecurityElement]::Escape($h.HostName))`\"><CustomProps>$bag</CustomProps></handler>\"",
            "}",
            "\"<handlers>$lines</handlers>\" | Set-Content -Encoding utf8 handlers.xml");

    private HandlerExport() {}
}
