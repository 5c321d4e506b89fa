package io.sendport.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.migration.report.Finding;
import io.sendport.migration.report.ReportText;
import io.sendport.migration.report.Rule;
import io.sendport.migration.source.UnreadableException;
import io.sendport.migration.write.Imported;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a port behaves differently in Sendport, or loses a setting, the report says so. */
class BizTalkDifferencesTest {

    @TempDir
    private Path folder;

    private Imported imported(BindingText binding, String... others) throws Exception {
        List<Path> files = new ArrayList<>(List.of(Files.writeString(folder.resolve("b.xml"), binding.xml())));
        for (int i = 0; i < others.length; i += 2) {
            files.add(Files.writeString(folder.resolve(others[i]), others[i + 1]));
        }
        return Migration.biztalk(files, Optional.empty());
    }

    private static List<Finding> findings(Imported imported, Rule rule) {
        return imported.report().findings().stream()
                .filter(each -> each.rule() == rule)
                .toList();
    }

    private static String text(Imported imported) {
        return String.join("\n", ReportText.lines(imported.report(), "sendport.xml"));
    }

    @Test
    void namesMacrosWhoseValuesTheMessageMustProvide() throws Exception {
        Imported imported = imported(BindingText.complete()
                .with("Subject", "%SourceFileName% of %SourceParty% at %datetime%")
                .with("CC", "%DestinationParty%"));
        assertThat(findings(imported, Rule.BT_MACRO))
                .extracting(Finding::target)
                .containsExactly("subject with %SourceFileName%", "subject with %SourceParty%");
        assertThat(imported.report().submits())
                .containsExactly(
                        "--port \"P\" --set DestinationParty=\"...\" --set SourceParty=\"...\" --dry-run FILE");
        assertThat(findings(imported, Rule.BT_PARTY).get(0).advice()).contains("--set DestinationParty=");
    }

    @Test
    void keepsAnEmptySubjectAndOmitsAnAbsentOne() throws Exception {
        assertThat(imported(BindingText.complete().with("Subject", "")).configuration())
                .contains("subject=\"\"");
        assertThat(imported(BindingText.complete()).configuration()).doesNotContain("subject=");
    }

    @Test
    void reportsTheDefaultHostOfAPortWithoutAHost() throws Exception {
        Imported imported = imported(BindingText.complete().transport("<SendHandler xsi:nil=\"true\"/>"));
        assertThat(findings(imported, Rule.BT_HOST)).isEmpty();
        assertThat(findings(imported, Rule.BT_HOST_ABSENT)).hasSize(1);
        assertThat(imported.configuration()).contains("host=\"BizTalkServerApplication\"");
    }

    @Test
    void namesSettingsThatBizTalkIgnoredBecauseOfTheEncoder() throws Exception {
        Imported imported = imported(BindingText.complete()
                .with("EmailBodyText", "text")
                .with("Attachments", "C:\\a.pdf")
                .holding(
                        "<TransmitPipeline Name='Custom.Encode' FullyQualifiedName='Custom.Encode, Custom'/><SendPipelineData>"
                                + BindingText.escaped(
                                        "<Root><Stages><Stage CategoryId='9d0e4108-4cce-4536-83fa-4a5040674ad6'><Components><Component Name='Microsoft.BizTalk.Component.MIME_SMIME_Encoder'><Properties><EnableEncryption vt='11'>-1</EnableEncryption></Properties></Component></Components></Stage></Stages></Root>")
                                + "</SendPipelineData>"));
        assertThat(findings(imported, Rule.BT_ENCODER_IGNORES))
                .extracting(Finding::path)
                .containsExactly(
                        "TransportTypeData/CustomProps/EmailBodyText", "TransportTypeData/CustomProps/Attachments");
    }

    @Test
    void namesSettingsOfADynamicPortThatAreNotImported() throws Exception {
        Imported imported = imported(BindingText.complete()
                .attributes("IsStatic=\"false\" IsTwoWay=\"false\"")
                .holding("<TransmitPipeline Name='Custom.Encode' FullyQualifiedName='Custom.Encode, Custom'/>"
                        + "<Filter>&lt;Filter/&gt;</Filter><Priority>2</Priority>"
                        + "<RouteFailedMessage>true</RouteFailedMessage>"
                        + "<Transforms><Transform FullName='A'/></Transforms>"));
        String lost = "not taken over: TransmitPipeline Encode, Filter, Transforms (1), RouteFailedMessage, Priority 2";
        assertThat(findings(imported, Rule.BT_DYNAMIC).get(0).message()).contains(lost);
        assertThat(imported.configuration()).contains(lost);
    }

    @Test
    void keepsDuplicateAttachmentNames() throws Exception {
        assertThat(imported(BindingText.complete().with("Attachments", "C:\\a\\r.pdf|C:\\b\\r.pdf"))
                        .configuration())
                .contains("file=\"import/r-2.pdf\" missing=\"suspend\" name=\"r.pdf\"");
    }

    @Test
    void countsHandlersAndNamesUnusedOnes() throws Exception {
        Imported imported = imported(
                BindingText.complete(),
                "handlers.xml",
                "<handlers><handler host='Mail'><CustomProps/></handler><handler host='Old'><CustomProps/></handler></handlers>");
        assertThat(text(imported))
                .contains("handlers.xml: send handlers\n  2 handlers", "handler Old; no imported port uses it");
    }

    @Test
    void reportsAGroupThatWasRenamed() throws Exception {
        Imported imported = imported(
                BindingText.complete()
                        .beside(
                                "<DistributionListCollection><DistributionList Name='P'><SendPorts><SendPortRef Name='P'/></SendPorts></DistributionList></DistributionListCollection>"));
        assertThat(findings(imported, Rule.BT_NAME)).extracting(Finding::target).containsExactly("P 2");
    }

    @Test
    void asksForTheBtpFileOfTheProject() {
        assertThatThrownBy(
                        () -> imported(
                                BindingText.complete(),
                                "Encode.btp",
                                "<Document><Stages><Stage><Components><Component><Name>X</Name></Component></Components></Stage></Stages></Document>"))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("use the .btp file of the project");
    }
}
