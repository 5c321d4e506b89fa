package io.sendport.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.migration.report.Finding;
import io.sendport.migration.report.ReportText;
import io.sendport.migration.report.Rule;
import io.sendport.migration.report.Todo;
import io.sendport.migration.source.UnreadableException;
import io.sendport.migration.write.Imported;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Send Mail tasks, each case by itself. */
@Timeout(300)
class SsisImportTest {

    private static final String ID = "{AAAAAAAA-0000-0000-0000-000000000001}";

    @TempDir
    private Path folder;

    private Imported imported(Map<String, String> files) throws Exception {
        List<Path> paths = new ArrayList<>();
        for (Map.Entry<String, String> each : files.entrySet()) {
            paths.add(Files.writeString(folder.resolve(each.getKey()), each.getValue()));
        }
        return Migration.ssis(paths);
    }

    private Imported imported(String packageText) throws Exception {
        return imported(Map.of("p.dtsx", packageText));
    }

    private static List<String> todos(Imported imported) {
        return imported.report().todos().stream().map(Todo::name).toList();
    }

    private static List<String> rules(Imported imported, Rule rule) {
        return imported.report().findings().stream()
                .map(Finding::rule)
                .filter(rule::equals)
                .map(Rule::code)
                .toList();
    }

    private static String told(Imported imported) {
        return String.join("\n", ReportText.lines(imported.report(), "s.xml"))
                + imported.report().objects();
    }

    private static String connection(String text) {
        return "<DTS:ConnectionManager DTS:CreationName='SMTP' DTS:DTSID='" + ID
                + "' DTS:ObjectName='Mail'><DTS:ObjectData><SmtpConnectionManager ConnectionString=\"" + text
                + "\"/></DTS:ObjectData></DTS:ConnectionManager>";
    }

    private static String task(String attributes, String more) {
        return "<DTS:Executable DTS:CreationName='Microsoft.SendMailTask' DTS:ObjectName='Report'>" + more
                + "<DTS:ObjectData><SendMailTask:SendMailTaskData xmlns:SendMailTask='www.microsoft.com/sqlserver/dts/tasks/sendmailtask' SendMailTask:SMTPServer='"
                + ID + "' SendMailTask:From='a@corp.example' SendMailTask:To='b@corp.example' " + attributes
                + "/></DTS:ObjectData></DTS:Executable>";
    }

    private static String package8(String connection, String variables, String executables) {
        return "<?xml version='1.0'?><DTS:Executable xmlns:DTS='www.microsoft.com/SqlServer/Dts' DTS:CreationName='Microsoft.Package' DTS:ObjectName='Nightly'>"
                + "<DTS:Property DTS:Name='PackageFormatVersion'>8</DTS:Property><DTS:ConnectionManagers>" + connection
                + "</DTS:ConnectionManagers><DTS:Variables>"
                + variables + "</DTS:Variables><DTS:Executables>" + executables + "</DTS:Executables></DTS:Executable>";
    }

    private static String expression(String property, String text) {
        return "<DTS:PropertyExpression DTS:Name='" + property + "'>" + BindingText.escaped(text)
                + "</DTS:PropertyExpression>";
    }

    @Test
    void readsOldAndNewFormatsAlike() throws Exception {
        String old =
                "<?xml version='1.0'?><DTS:Executable xmlns:DTS='www.microsoft.com/SqlServer/Dts'><DTS:Property DTS:Name='PackageFormatVersion'>3</DTS:Property>"
                        + "<DTS:Property DTS:Name='ObjectName'>Nightly</DTS:Property><DTS:ConnectionManager><DTS:Property DTS:Name='CreationName'>SMTP</DTS:Property>"
                        + "<DTS:Property DTS:Name='ObjectName'>Mail</DTS:Property><DTS:Property DTS:Name='DTSID'>" + ID
                        + "</DTS:Property><DTS:ObjectData><SmtpConnectionManager ConnectionString='SmtpServer=m.corp.example;UseWindowsAuthentication=False;EnableSsl=True'/></DTS:ObjectData></DTS:ConnectionManager>"
                        + "<DTS:Executable><DTS:Property DTS:Name='CreationName'>Microsoft.SqlServer.Dts.Tasks.SendMailTask.SendMailTask, x</DTS:Property><DTS:Property DTS:Name='ObjectName'>Report</DTS:Property>"
                        + "<DTS:ObjectData><SendMailTask:SendMailTaskData xmlns:SendMailTask='www.microsoft.com/sqlserver/dts/tasks/sendmailtask' SendMailTask:SMTPServer='"
                        + ID
                        + "' SendMailTask:From='a@corp.example' SendMailTask:To='b@corp.example' SendMailTask:Subject='s'/></DTS:ObjectData></DTS:Executable></DTS:Executable>";
        String fresh = package8(
                connection("SmtpServer=m.corp.example;UseWindowsAuthentication=False;EnableSsl=True"),
                "",
                task("SendMailTask:Subject='s'", ""));
        assertThat(imported(old).configuration().replaceAll("SHA-256 .*", ""))
                .isEqualTo(imported(fresh).configuration().replaceAll("SHA-256 .*", ""))
                .contains(
                        "<smtpConnection name=\"Mail\" host=\"m.corp.example\" port=\"25\" tls=\"required\" auth=\"none\">",
                        "<smtp connection=\"Mail\"/>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SmtpServer=m;UseWindowsAuthentication=True;EnableSsl=False|tls=\"required\" auth=\"ntlm\"",
                "smtpserver=m;usewindowsauthentication=true;enablessl=true|tls=\"required\" auth=\"ntlm\"",
                "SmtpServer=m;UseWindowsAuthentication=False;EnableSsl=False|tls=\"opportunistic\" auth=\"none\"",
                "m|host=\"m\" port=\"25\" tls=\"opportunistic\" auth=\"none\"",
                "SmtpServer=localhost;UseWindowsAuthentication=True|tls=\"none\" auth=\"ntlm\" allowClearText=\"true\""
            })
    void translatesConnectionStrings(String text, String written) throws Exception {
        Imported imported = imported(package8(connection(text), "", task("", "")));
        assertThat(imported.configuration()).contains(written);
        assertThat(todos(imported))
                .hasSize(text.toLowerCase(java.util.Locale.ROOT).contains("authentication=true") ? 3 : 0);
    }

    @Test
    void copiesNoPassword() throws Exception {
        Imported imported =
                imported(package8(connection("SmtpServer=m;UserName=u;Password=canary-1"), "", task("", "")));
        assertThat(imported.configuration())
                .contains("auth=\"basic\" user=\"u\" password=\"{{env:SSIS_MAIL_PASSWORD}}\"");
        assertThat(imported.configuration() + told(imported)).doesNotContain("canary-1");
        Imported other = imported(package8(
                "<DTS:ConnectionManager DTS:CreationName='OLEDB' DTS:ObjectName='Db'><DTS:Password DTS:Name='Password' Encrypted='1'>canary-2</DTS:Password></DTS:ConnectionManager>"
                        + connection("m"),
                "",
                task("", "")));
        assertThat(other.configuration() + told(other))
                .doesNotContain("canary-2")
                .contains("Db");
    }

    @Test
    void usesTheExpressionInsteadOfTheDesignTimeValue() throws Exception {
        Imported imported = imported(
                package8(
                        connection("m"),
                        "<DTS:Variable DTS:Namespace='User' DTS:ObjectName='N'><DTS:VariableValue>7</DTS:VariableValue></DTS:Variable>"
                                + "<DTS:Variable DTS:Namespace='User' DTS:ObjectName='Both' DTS:EvaluateAsExpression='True' DTS:Expression='\"n \" + (DT_WSTR,9)@[User::N]'/>",
                        task(
                                "SendMailTask:Subject='old'",
                                expression(
                                        "Subject",
                                        "\"\\x0041 \\\"\" + @[User::Both] + @[System::PackageName] + @[System::ErrorDescription] + \" 5%\""))));
        assertThat(imported.configuration())
                .contains("subject=\"A &quot;n %N%Nightly%System_ErrorDescription% 5%%\"")
                .doesNotContain("old");
        assertThat(imported.report().submits().get(0)).contains("--set N=", "--set System_ErrorDescription=");
        assertThat(todos(imported)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"UPPER(@[User::X])", "1 == 1 ? \"a\" : \"b\"", "@[User::Loop]", "\"unfinished", "(((", "\"a\" + "
            })
    void leavesComplexExpressionsToThePackage(String text) throws Exception {
        Imported imported = imported(package8(
                connection("m"),
                "<DTS:Variable DTS:Namespace='User' DTS:ObjectName='Loop' DTS:EvaluateAsExpression='True' DTS:Expression='@[User::Loop]'/>",
                task("", expression("Subject", text))));
        assertThat(imported.configuration()).contains("subject=\"%Report_Subject%\"");
        assertThat(todos(imported)).containsExactly("--set Report_Subject");
    }

    private static String params(String name, String value, String sensitive) {
        return "<SSIS:Parameters xmlns:SSIS='www.microsoft.com/SqlServer/SSIS'><SSIS:Parameter SSIS:Name='" + name
                + "'><SSIS:Properties><SSIS:Property SSIS:Name='Value'>" + value
                + "</SSIS:Property><SSIS:Property SSIS:Name='Sensitive'>" + sensitive
                + "</SSIS:Property></SSIS:Properties></SSIS:Parameter></SSIS:Parameters>";
    }

    @Test
    void readsParameters() throws Exception {
        String text = package8(connection("m"), "", task("", expression("Subject", "@[$Project::Stage] + \" x\"")));
        assertThat(imported(Map.of("p.dtsx", text, "Project.params", params("Stage", "prod", "0")))
                        .configuration())
                .contains("subject=\"{{Stage:prod}} x\"");
        Imported unknown = imported(text);
        assertThat(unknown.configuration()).contains("subject=\"{{Stage}} x\"");
        assertThat(todos(unknown)).containsExactly("Stage");
        Imported sensitive = imported(Map.of("p.dtsx", text, "Project.params", params("Stage", "", "1")));
        assertThat(sensitive.configuration()).contains("{{env:STAGE}}");
        Imported brace = imported(Map.of("p.dtsx", text, "Project.params", params("Stage", "a}b", "0")));
        assertThat(brace.configuration()).contains("subject=\"{{Stage}} x\"");
        assertThat(todos(brace)).containsExactly("Stage");
    }

    @Test
    void usesConnectionsOfTheProject() throws Exception {
        String conmgr =
                "<DTS:ConnectionManager xmlns:DTS='www.microsoft.com/SqlServer/Dts' DTS:CreationName='SMTP' DTS:DTSID='"
                        + ID
                        + "' DTS:ObjectName='Shared'><DTS:ObjectData><SmtpConnectionManager ConnectionString='SmtpServer=m;'/></DTS:ObjectData></DTS:ConnectionManager>";
        String text = package8("", "", task("", ""));
        assertThat(imported(Map.of("p.dtsx", text, "Shared.conmgr", conmgr)).configuration())
                .contains("<smtp connection=\"Shared\"/>");
        Imported missing = imported(text);
        assertThat(missing.configuration()).contains("<smtp connection=\"{{SSIS_CONNECTION}}\"/>");
        assertThat(todos(missing)).containsExactly("SSIS_CONNECTION");
        Imported idle = imported(Map.of("Shared.conmgr", conmgr));
        assertThat(rules(idle, Rule.SSIS_CONNECTION_UNUSED)).hasSize(1);
    }

    @Test
    void configuredValuesOverrideThePackage() throws Exception {
        String config =
                "<DTSConfiguration><Configuration Path='\\Package.Connections[Mail].Properties[ConnectionString]'><ConfiguredValue>SmtpServer=real.corp.example</ConfiguredValue></Configuration></DTSConfiguration>";
        Imported imported = imported(
                Map.of("p.dtsx", package8(connection("SmtpServer=old"), "", task("", "")), "p.dtsConfig", config));
        assertThat(imported.configuration()).contains("host=\"real.corp.example\"");
        assertThat(rules(imported, Rule.SSIS_OVERRIDDEN)).hasSize(1);
    }

    @Test
    void readsADeployedProject() throws Exception {
        Path archive = folder.resolve("p.ispac");
        try (OutputStream out = Files.newOutputStream(archive);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("../../Nightly%20Load.dtsx"));
            zip.write(package8(connection("m"), "", task("", "")).getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("other.bin"));
            zip.write(new byte[100]);
        }
        Imported imported = Migration.ssis(List.of(archive));
        assertThat(imported.report().ports()).singleElement().satisfies(port -> assertThat(port.file())
                .endsWith("Nightly Load.dtsx"));
        assertThat(imported.files()).isEmpty();
    }

    @Test
    void importsTheBodyFromEverySource() throws Exception {
        assertThat(imported(package8(connection("m"), "", task("SendMailTask:MessageSource='line one&#xA;100%'", "")))
                        .configuration())
                .contains("<body text=\"line one&#10;100%%\"/>");
        Imported variable = imported(package8(
                connection("m"),
                "",
                task("SendMailTask:MessageSourceType='Variable' SendMailTask:MessageSource='User::Body'", "")));
        assertThat(variable.configuration()).doesNotContain("<body");
        assertThat(variable.report().submits().get(0)).contains("--content-type \"text/plain; charset=utf-8\"");
        String file =
                "<DTS:ConnectionManager DTS:CreationName='FILE' DTS:ObjectName='Body' DTS:DTSID='{F}'><DTS:ObjectData><DTS:ConnectionManager DTS:ConnectionString='C:\\mail\\body.txt'/></DTS:ObjectData></DTS:ConnectionManager>";
        Imported fromFile = imported(package8(
                connection("m") + file,
                "",
                task("SendMailTask:MessageSourceType='FileConnection' SendMailTask:MessageSource='{F}'", "")));
        assertThat(fromFile.configuration()).contains("<body file=\"import/body.txt\"/>");
        assertThat(todos(fromFile)).containsExactly("import/body.txt");
    }

    @Test
    void attachesFiles() throws Exception {
        Imported imported = imported(
                package8(connection("m"), "", task("SendMailTask:FileAttachments='C:\\a\\x.csv|C:\\b\\x.csv'", "")));
        assertThat(imported.configuration()).contains("file=\"import/x.csv\"", "file=\"import/x-2.csv\"");
    }

    @ParameterizedTest
    @CsvSource({"High,high", "2,high", "Low,low", "1,low", "Normal,''", "0,''"})
    void keepsThePriority(String priority, String importance) throws Exception {
        String configuration = imported(
                        package8(connection("m"), "", task("SendMailTask:Priority='" + priority + "'", "")))
                .configuration();
        if (importance.isEmpty()) {
            assertThat(configuration).doesNotContain("importance");
        } else {
            assertThat(configuration).contains("importance=\"" + importance + "\"");
        }
    }

    @Test
    void findsTasksInLoopsAndEventHandlers() throws Exception {
        String loop =
                "<DTS:Executable DTS:CreationName='STOCK:FOREACHLOOP' DTS:ObjectName='Each' DTS:Disabled='True'><DTS:Executables>"
                        + task("", "") + "</DTS:Executables></DTS:Executable>";
        String handler = "<DTS:EventHandlers><DTS:EventHandler DTS:EventName='OnError'><DTS:Executables>" + task("", "")
                + "</DTS:Executables></DTS:EventHandler></DTS:EventHandlers>";
        Imported imported = imported(package8(connection("m"), "", loop)
                .replace("</DTS:Executable>\u0000", "")
                .replaceFirst(
                        "</DTS:Executables></DTS:Executable>$", "</DTS:Executables>" + handler + "</DTS:Executable>"));
        assertThat(imported.report().ports())
                .extracting(port -> port.source())
                .containsExactly("Package\\Each\\Report", "Package.EventHandlers[OnError]\\Report");
        assertThat(imported.configuration()).contains("initialState=\"unenlisted\"", "name=\"Nightly Report 2\"");
        assertThat(rules(imported, Rule.SSIS_LOOP)).hasSize(1);
        assertThat(rules(imported, Rule.SSIS_EVENT)).hasSize(1);
    }

    @Test
    void warnsOfMailThatIsSentInCode() throws Exception {
        Imported imported = imported(
                package8(
                        connection("m"),
                        "",
                        "<DTS:Executable DTS:CreationName='Microsoft.ScriptTask' DTS:ObjectName='Script'><DTS:ObjectData><S>new SmtpClient(x)</S></DTS:ObjectData></DTS:Executable>"));
        assertThat(rules(imported, Rule.SSIS_CODE)).hasSize(1);
        assertThat(told(imported)).contains("Package\\Script");
    }

    @Test
    void rejectsEncryptedAndForeignFiles() throws Exception {
        for (String text :
                List.of("<EncryptedData/>", "<DTS:Executable xmlns:DTS='x'><EncryptedData/></DTS:Executable>")) {
            assertThatThrownBy(() -> imported(text))
                    .isInstanceOf(UnreadableException.class)
                    .hasMessageContaining("DontSaveSensitive");
        }
        assertThatThrownBy(() -> imported("<BindingInfo/>")).isInstanceOf(UnreadableException.class);
    }

    @Test
    void doesNotResolvePlaceholdersInThePackage() throws Exception {
        Imported imported = imported(
                package8(connection("SmtpServer={{env:PATH}}"), "", task("SendMailTask:Subject='{{env:PATH}}'", "")));
        assertThat(imported.configuration())
                .contains("host=\"{{Mail.host}}\"", "subject=\"{{Nightly_Report.Subject}}\"")
                .doesNotContain("=\"{{env:PATH}}");
    }

    @Test
    void separatesServersThatShareAnIdAcrossPackages() throws Exception {
        Imported imported = imported(new java.util.TreeMap<>(Map.of(
                "a.dtsx", package8(connection("one.corp.example"), "", task("", "")),
                "b.dtsx",
                        package8(connection("two.corp.example"), "", task("", ""))
                                .replace("Nightly", "Weekly"))));
        String text = imported.configuration().replaceAll("\\s+", " ");
        assertThat(text)
                .contains("name=\"Mail\" host=\"one.corp.example\"", "name=\"Mail 2\" host=\"two.corp.example\"");
        assertThat(text.substring(text.indexOf("Nightly Report"), text.indexOf("Weekly Report")))
                .contains("connection=\"Mail\"");
        assertThat(text.substring(text.indexOf("Weekly Report"))).contains("connection=\"Mail 2\"");
    }

    @Test
    void anExpressionOverridesOnlyItsOwnProperty() throws Exception {
        String node = connection("SmtpServer=old;UseWindowsAuthentication=True;EnableSsl=True")
                .replace(
                        "<DTS:ObjectData>",
                        expression("SmtpServer", "\"new.corp.example\"") + expression("Timeout", "@[User::T]")
                                + "<DTS:ObjectData>");
        Imported imported = imported(package8(node, "", task("", "")));
        assertThat(imported.configuration())
                .contains("host=\"new.corp.example\" port=\"25\" tls=\"required\" auth=\"ntlm\"");
        assertThat(rules(imported, Rule.SSIS_CONNECTION_EXPRESSION)).hasSize(1);
    }

    @Test
    void neverShowsSecretsOfConnectionsAndParameters() throws Exception {
        Imported imported = imported(package8(
                connection("SmtpServer=m;Uid=joe;Pwd=canary-3;Other=canary-4;Password='a;canary-5'")
                        .replace(
                                "<DTS:ObjectData>",
                                expression("ConnectionString", "@[$Package::S] + \";Password=canary-6\"")
                                        + "<DTS:ObjectData>"),
                "",
                task("", expression("Subject", "@[$Project::Api_Password]"))));
        assertThat(imported.configuration() + told(imported)).doesNotContain("canary");
        Imported parameter = imported(Map.of(
                "p.dtsx", package8(connection("m"), "", task("", expression("Subject", "@[$Project::Api_Password]"))),
                "Project.params", params("Api_Password", "canary-7", "0")));
        assertThat(parameter.configuration() + told(parameter)).doesNotContain("canary");
    }

    @Test
    void reportsExpressionsThatItCannotImport() throws Exception {
        Imported imported = imported(package8(
                connection("m"),
                "",
                task(
                        "SendMailTask:Wonder='yes'",
                        expression("Disable", "@[User::Off]")
                                + expression("Priority", "@[User::P]")
                                + expression("SmtpConnection", "\"Mail\""))));
        assertThat(rules(imported, Rule.SSIS_EXPRESSION)).hasSize(2);
        assertThat(rules(imported, Rule.SSIS_UNKNOWN)).hasSize(1);
    }

    @Test
    void leavesArithmeticToThePackageAndRenamesBuiltInNames() throws Exception {
        assertThat(imported(package8(
                                connection("m"),
                                "",
                                task(
                                        "",
                                        expression(
                                                "Subject", "\"Total \" + (DT_WSTR,10)(@[User::Ins] + @[User::Upd])"))))
                        .configuration())
                .contains("subject=\"%Report_Subject%\"");
        assertThat(imported(package8(
                                connection("m"), "", task("", expression("Subject", "\"x \" + @[User::MessageID]"))))
                        .configuration())
                .contains("subject=\"x %User_MessageID%\"");
    }

    @Test
    void asksForEachConnectionThatIsMissing() throws Exception {
        Imported imported = imported(
                package8("", "", task("", "") + task("", "").replace(ID, "{B2}").replace("'Report'", "'Second'")));
        assertThat(todos(imported)).containsExactly("SSIS_CONNECTION", "SSIS_CONNECTION_2");
    }

    private static String manifest(String owner, String name, String value) {
        return "<SSIS:PackageMetaData xmlns:SSIS='x' SSIS:Name='" + owner + "'>" + params(name, value, "0")
                + "</SSIS:PackageMetaData>";
    }

    @Test
    void appliesManifestValuesOnlyToTheirPackage() throws Exception {
        String text = package8(connection("old"), "", task("", expression("Subject", "@[$Project::Stage] + \"!\"")));
        Imported imported = imported(new java.util.TreeMap<>(Map.of(
                "a.dtsx",
                text,
                "b.dtsx",
                text.replace("Nightly", "Weekly"),
                "p.dtproj",
                "<Project>" + manifest("a.dtsx", "CM.Mail.ConnectionString", "SmtpServer=one")
                        + manifest("b.dtsx", "CM.Mail.ConnectionString", "SmtpServer=two")
                        + manifest("b.dtsx", "Stage", "of the package") + params("Stage", "of the project", "0")
                        + "</Project>")));
        assertThat(imported.configuration())
                .contains("host=\"one\"", "host=\"two\"", "{{Stage:of the project}}!")
                .doesNotContain("of the package");
    }

    private static String configured(String... values) {
        StringBuilder text = new StringBuilder("<DTSConfiguration>");
        for (int i = 0; i < values.length; i += 2) {
            text.append("<Configuration ConfiguredType='Property' Path='")
                    .append(values[i])
                    .append("' ValueType='String'><ConfiguredValue>")
                    .append(values[i + 1])
                    .append("</ConfiguredValue></Configuration>");
        }
        return text + "</DTSConfiguration>";
    }

    @Test
    void appliesAndReportsConfiguredValuesOfATask() throws Exception {
        Imported imported = imported(Map.of(
                "p.dtsx",
                package8(connection("m"), "", task("SendMailTask:Subject='designed'", "")),
                "p.dtsConfig",
                configured(
                        "\\Package\\Report.Properties[ToLine]",
                        "configured@corp.example",
                        "\\Package\\Report.Properties[Subject]",
                        "configured",
                        "\\Package\\Report.Properties[Priority]",
                        "High")));
        assertThat(imported.configuration())
                .contains("to=\"configured@corp.example\" subject=\"configured\" importance=\"high\"");
        assertThat(rules(imported, Rule.SSIS_OVERRIDDEN)).hasSize(3);
        assertThat(rules(imported, Rule.SSIS_NOT_MAIL)).isEmpty();
    }

    @Test
    void prefersTheExpressionToAConfigurationFile() throws Exception {
        Imported imported = imported(Map.of(
                "p.dtsx",
                package8(connection("m"), "", task("", expression("Subject", "\"expressed\""))),
                "p.dtsConfig",
                configured("\\Package\\Report.Properties[Subject]", "configured")));
        assertThat(imported.configuration()).contains("subject=\"expressed\"");
    }

    @Test
    void reportsUsedAndUnusedConfiguredVariables() throws Exception {
        String variables =
                "<DTS:Variable DTS:Namespace='User' DTS:ObjectName='Env'><DTS:VariableValue>DEV</DTS:VariableValue></DTS:Variable>"
                        + "<DTS:Variable DTS:Namespace='User' DTS:ObjectName='Path'><DTS:VariableValue>C:\\</DTS:VariableValue></DTS:Variable>";
        Imported imported = imported(Map.of(
                "p.dtsx",
                package8(connection("m"), variables, task("", expression("Subject", "\"Result of \" + @[User::Env]"))),
                "p.dtsConfig",
                configured(
                        "\\Package.Variables[User::Env].Properties[Value]",
                        "PROD",
                        "\\Package.Variables[User::Path].Properties[Value]",
                        "D:\\")));
        assertThat(told(imported)).contains("value in the package: PROD");
        assertThat(rules(imported, Rule.SSIS_OVERRIDDEN)).hasSize(1);
        assertThat(told(imported)).contains("configured value \\package.variables[user::path].properties[value]");
    }

    @Test
    void writesAnEmptySubjectAndBodyWhenTheTaskHasNone() throws Exception {
        assertThat(imported(package8(connection("m"), "", task("", ""))).configuration())
                .contains("subject=\"\"", "<body text=\"\"/>");
    }

    @Test
    void keepsDuplicateAttachmentNames() throws Exception {
        Imported imported = imported(
                package8(connection("m"), "", task("SendMailTask:FileAttachments='C:\\a\\r.xlsx|C:\\b\\r.xlsx'", "")));
        assertThat(imported.configuration())
                .contains(
                        "<attach file=\"import/r.xlsx\" missing=\"suspend\"/>",
                        "<attach file=\"import/r-2.xlsx\" missing=\"suspend\" name=\"r.xlsx\"/>");
        assertThat(told(imported)).contains("if each run of the package writes the file");
    }

    @Test
    void suggestsADryRunAndShowsTheCommandForThePackage() throws Exception {
        Imported imported =
                imported(package8(connection("m"), "", task("SendMailTask:MessageSourceType='Variable'", "")));
        assertThat(imported.report().submits())
                .containsExactly(
                        "--port \"Nightly Report\" --content-type \"text/plain; charset=utf-8\" --dry-run FILE");
        assertThat(imported.report().ports().get(0).fedBy().get(0))
                .endsWith("--content-type \"text/plain; charset=utf-8\" -");
    }
}
