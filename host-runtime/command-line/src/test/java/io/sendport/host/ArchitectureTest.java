package io.sendport.host;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.List;

/** The borders of docs/architecture.md. */
@AnalyzeClasses(
        packages = "io.sendport",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {

    /** What modules lend to each other's tests. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("io.sendport.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule API_KNOWS_ONLY_THE_JDK = classes()
            .that()
            .resideInAnyPackage("io.sendport.api..", "io.sendport.support..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax.xml..",
                    "org.xml.sax..",
                    "org.w3c.dom..",
                    "org.jspecify..",
                    "io.sendport.api..",
                    "io.sendport.support..");

    /** What belongs to the mail itself may know SMTP's words; what an adapter answers may not. */
    @ArchTest
    static final ArchRule API_NAMES_NO_PROTOCOL = noClasses()
            .that()
            .resideInAnyPackage("io.sendport.api..")
            .and()
            .doNotHaveFullyQualifiedName("io.sendport.api.mail.MailAddress")
            .should()
            .haveNameMatching("(?i).*(smtp|ehlo|starttls|reply|rcpt|\\.phase|\\.channel).*")
            .orShould(haveMemberNamed("(?i).*(smtp|ehlo|starttls|rcpt|queueid|enhanced).*"));

    private static ArchCondition<JavaClass> haveMemberNamed(String pattern) {
        return new ArchCondition<>("have a member named like " + pattern) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaMember member : type.getMembers()) {
                    boolean named = member.getName().matches(pattern);
                    events.add(new SimpleConditionEvent(member, named, member.getFullName() + " is named so"));
                }
            }
        };
    }

    @ArchTest
    static final ArchRule BOUNCY_CASTLE_IN_ITS_ROOM = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.sendport.component.smime..", "io.sendport.component.timestamp..", "io.sendport.smtp.sasl..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bouncycastle..");

    @ArchTest
    static final ArchRule MAIL_WHERE_IT_IS_SENT_OR_TAKEN = noClasses()
            .that()
            .resideOutsideOfPackages("io.sendport.smtp..", "io.sendport.host.submission..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.mail..", "org.eclipse.angus..", "org.apache.camel.component.mail..");

    @ArchTest
    static final ArchRule CAMEL_IS_THE_SHELL = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.sendport.camel..",
                    "io.sendport.host.camel..",
                    "io.sendport.smtp..",
                    "io.sendport.host.process..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.camel..");

    @ArchTest
    static final ArchRule SQL_IN_STORE_BOX_AND_LEDGER = noClasses()
            .that()
            .resideOutsideOfPackages("io.sendport.host.store..", "io.sendport.host.box..", "io.sendport.host.ledger..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "org.jdbi..", "org.flywaydb..", "com.zaxxer..", "org.sqlite..");

    /** The table of docs/architecture.md, from the bottom up. */
    @ArchTest
    static final ArchRule EACH_ROOM_USES_THOSE_BELOW = layers();

    private static ArchRule layers() {
        List<String> rooms = List.of(
                "store",
                "ledger",
                "decide",
                "box",
                "trace",
                "pipeline",
                "handover",
                "run",
                "observe",
                "relay",
                "camel",
                "alert",
                "operate",
                "submission",
                "process");
        LayeredArchitecture layers = Architectures.layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String room : rooms) {
            layers = layers.layer(room).definedBy("io.sendport.host." + room + "..");
        }
        for (int i = 0; i < rooms.size(); i++) {
            List<String> above = rooms.subList(i + 1, rooms.size());
            layers = above.isEmpty()
                    ? layers.whereLayer(rooms.get(i)).mayNotBeAccessedByAnyLayer()
                    : layers.whereLayer(rooms.get(i)).mayOnlyBeAccessedByLayers(above.toArray(String[]::new));
        }
        return layers;
    }

    /** What a command does is done by {@code operate}; from elsewhere it has values alone. */
    @ArchTest
    static final ArchRule COMMANDS_HOLD_NO_RULES = noClasses()
            .that()
            .resideInAPackage("io.sendport.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.sendport.host.run..", "io.sendport.host.decide..", "io.sendport.host.relay..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(
                    io.sendport.host.box.MessageBox.class,
                    io.sendport.host.box.MessageRow.class,
                    io.sendport.host.ledger.Ledger.class,
                    io.sendport.host.process.HostProcess.class,
                    io.sendport.host.store.Store.class);

    @ArchTest
    static final ArchRule NOBODY_USES_A_FACE = noClasses()
            .that()
            .resideInAPackage("io.sendport.host..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.sendport.cli..", "io.sendport.console..");

    @ArchTest
    static final ArchRule THE_ENGINE_SETS_UP_NOTHING_OF_ITS_OWN = noClasses()
            .that()
            .resideInAPackage("io.sendport.host..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ch.qos.logback..", "io.micrometer.prometheusmetrics..", "com.sun.net.httpserver..");

    @ArchTest
    static final ArchRule PICOCLI_IN_THE_COMMAND_LINE = noClasses()
            .that()
            .resideOutsideOfPackage("io.sendport.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule SUBETHA_IN_THE_RELAY = noClasses()
            .that()
            .resideOutsideOfPackage("io.sendport.host.relay..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.subethamail..");

    @ArchTest
    static final ArchRule ENGINES_ARE_FOUND_NOT_NAMED = noClasses()
            .that()
            .resideInAPackage("io.sendport.host..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.sendport.smtp..", "io.sendport.component..");

    @ArchTest
    static final ArchRule NOTHING_DEPENDS_ON_THE_IMPORT = noClasses()
            .that()
            .resideOutsideOfPackages("io.sendport.migration..", "io.sendport.cli.migrate..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.sendport.migration..");

    @ArchTest
    static final ArchRule XML_PARSERS_ARE_MADE_IN_ONE_PLACE = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.sendport.support.HardenedXml")
            .should()
            .callMethodWhere(com.tngtech.archunit.base.DescribedPredicate.describe(
                    "that makes an XML processor",
                    call -> (call.getTargetOwner().getName().startsWith("javax.xml.parsers.")
                                    || call.getTargetOwner()
                                            .getName()
                                            .startsWith("javax.xml.transform.TransformerFactory")
                                    || call.getTargetOwner().getName().startsWith("javax.xml.validation.SchemaFactory")
                                    || call.getTargetOwner().getName().startsWith("javax.xml.stream.XMLInputFactory"))
                            && call.getName().startsWith("new")
                            && !call.getName().equals("newTemplates")
                            && !call.getName().equals("newSchema")));

    @ArchTest
    static final ArchRule NO_JAVA_DESERIALISATION =
            noClasses().should().callMethod(java.io.ObjectInputStream.class, "readObject");
}
