package io.sendport.migration.report;

import java.util.List;

/** How the settings of send handlers get out of a BizTalk server: no binding file holds them. */
public final class HandlerExport {

    /** PowerShell, to be run on the server; writes a file that is given to {@code import biztalk} beside the binding. */
    public static final List<String> SCRIPT = List.of(
            "$handlers = Get-CimInstance -Namespace root/MicrosoftBizTalkServer -ClassName MSBTS_SendHandler2 -Filter \"AdapterName='SMTP'\"",
            "$lines = foreach ($h in $handlers) {",
            "  $bag = ([xml]$h.CustomCfg).DocumentElement.InnerXml",
            "  \"<handler host=`\"$([Security.SecurityElement]::Escape($h.HostName))`\"><CustomProps>$bag</CustomProps></handler>\"",
            "}",
            "\"<handlers>$lines</handlers>\" | Set-Content -Encoding utf8 handlers.xml");

    private HandlerExport() {}
}
