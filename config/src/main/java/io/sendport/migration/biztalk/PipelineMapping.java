package io.sendport.migration.biztalk;

import io.sendport.migration.report.Report;
import io.sendport.migration.report.Rule;
import io.sendport.migration.report.Todo;
import io.sendport.migration.source.Node;
import io.sendport.migration.source.UnreadableException;
import io.sendport.migration.write.Element;
import io.sendport.migration.write.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Maps the pipeline of one port. */
final class PipelineMapping {

    private static final Set<String> ENCODER = Set.of(
            "AddSigningCertToMessage",
            "ContentTransferEncoding",
            "EnableEncryption",
            "EncryptionAlgorithm",
            "SendBodyPartAsAttachment",
            "SignatureType",
            "ValidateCRL");

    private static final Set<String> EDI = Set.of("FFAsmComp", "EdiAssembler", "JsonEncoder", "BtfAsmComp");

    private final ImportContext context;
    private final ImportContext.Port port;
    private final Node at;

    /** The components of each stage. */
    private record Stages(Element preAssemble, Element assemble, Element encode) {
        Element of(Pipelines.Stage stage) {
            return switch (stage) {
                case PRE_ASSEMBLE -> preAssemble;
                case ASSEMBLE -> assemble;
                case ENCODE -> encode;
            };
        }

        List<Element> all() {
            return List.of(preAssemble, assemble, encode);
        }
    }

    PipelineMapping(ImportContext context, ImportContext.Port port) {
        this.context = context;
        this.port = port;
        this.at = port.node.child("TransmitPipeline").orElse(port.node);
    }

    /** Writes the pipeline. Returns whether it has the MIME encoder, which makes the whole mail. */
    boolean write() throws UnreadableException {
        String type = Pipelines.of(port.node);
        String last = Pipelines.last(type);
        List<Pipelines.Component> bag = Pipelines.bag(port.node);
        List<Pipelines.Component> known = context.pipelineFiles.get(last.toLowerCase(Locale.ROOT));
        List<Pipelines.Component> components = known == null ? bag : over(known, bag);
        if (last.equals("PassThruTransmit") && components.isEmpty()) {
            port.exact(at, "TransmitPipeline", type, "no pipeline");
            return false;
        }
        boolean encodes = false;
        Element pipeline = new Element("pipeline");
        Stages stages = new Stages(new Element("preAssemble"), new Element("assemble"), new Element("encode"));
        for (Pipelines.Component each : components) {
            if (each.isEncoder()) {
                encodes = true;
                encoder(each, stages);
            } else if (each.shortType().equals("XmlAsmComp")) {
                xml(each.properties());
            } else {
                stages.of(each.stage()).add(placeholder(each));
            }
        }
        if (components.isEmpty() && last.equals("XMLTransmit")) {
            xml(Map.of());
            return false;
        }
        if (components.isEmpty()) {
            Element unknown = new Element("component").set("class", className(type));
            port.todo(
                    Todo.Kind.CLASS,
                    className(type),
                    "the content of pipeline " + type
                            + " is in its .btp file or assembly; give the .btp file as another FILE");
            port.report(
                    Rule.BT_PIPELINE_UNKNOWN,
                    at,
                    "TransmitPipeline",
                    type,
                    "<component class=\"" + className(type) + "\">",
                    "none of its components is known",
                    "give its .btp file to import, or port the pipeline by hand");
            stages.of(Pipelines.Stage.PRE_ASSEMBLE).add(unknown);
        } else if (known == null && !last.equals("XMLTransmit")) {
            port.report(
                    Rule.BT_COMPONENT_MORE,
                    at,
                    "SendPipelineData",
                    type,
                    "",
                    "it may also contain components at their defaults",
                    "give its .btp file to import");
        }
        stages.all().stream().filter(stage -> !stage.isEmpty()).forEach(pipeline::add);
        if (!pipeline.isEmpty()) {
            port.element.set("pipeline", named(last, pipeline));
        }
        return encodes;
    }

    /** The pipeline's components, with the port's settings applied to them. */
    private static List<Pipelines.Component> over(List<Pipelines.Component> known, List<Pipelines.Component> bag) {
        List<Pipelines.Component> rest = new ArrayList<>(bag);
        List<Pipelines.Component> all = new ArrayList<>();
        for (Pipelines.Component each : known) {
            Optional<Pipelines.Component> own =
                    rest.stream().filter(one -> one.type().equals(each.type())).findFirst();
            own.ifPresent(rest::remove);
            Map<String, String> properties = new LinkedHashMap<>(each.properties());
            own.ifPresent(one -> properties.putAll(one.properties()));
            all.add(new Pipelines.Component(each.stage(), each.type(), properties));
        }
        all.addAll(rest);
        return all;
    }

    /** The name under which equal pipelines are written once for all their ports. */
    private String named(String last, Element pipeline) {
        String text = pipeline.text();
        String known = context.pipelineTexts.get(text);
        if (known != null) {
            return known;
        }
        String name = context.pipelineNames.name(last);
        Element named = new Element("pipeline").set("name", name);
        named.items(pipeline);
        context.pipelines.put(name, named);
        context.pipelineTexts.put(text, name);
        return name;
    }

    private void xml(Map<String, String> properties) {
        properties
                .keySet()
                .forEach(
                        each -> port.todo(
                                Todo.Kind.DECISION,
                                "XmlAsmComp " + each + " of " + port.source,
                                "the XML assembler's " + each
                                        + " is not supported: the message must already be in this form, or a component must do it"));
        port.report(
                Rule.BT_XML_ASSEMBLER,
                at,
                "TransmitPipeline",
                "XmlAsmComp",
                "no pipeline",
                "declaration, byte order mark and charset stay as in the message"
                        + (properties.isEmpty()
                                ? ""
                                : "; set but not supported: " + String.join(", ", properties.keySet())),
                "");
    }

    private void encoder(Pipelines.Component encoder, Stages stages) {
        Map<String, String> given = encoder.properties();
        String signature = given.getOrDefault("SignatureType", "0");
        boolean encrypts = isTrue(given.getOrDefault("EnableEncryption", "0"));
        boolean signs = !signature.equals("0");
        String encoding = given.getOrDefault("ContentTransferEncoding", "").toLowerCase(Locale.ROOT);
        for (Map.Entry<String, String> each : given.entrySet()) {
            if (!ENCODER.contains(each.getKey())) {
                port.report(
                        Rule.BT_UNKNOWN,
                        at,
                        "SendPipelineData/" + each.getKey(),
                        each.getValue(),
                        "",
                        "is not a property of the encoder",
                        "");
            }
        }
        Element mime = new Element("mime");
        if (!encoding.isEmpty()) {
            boolean same = Set.of("base64", "quoted-printable", "7bit", "8bit").contains(encoding);
            mime.set("contentTransferEncoding", same ? encoding : "base64");
            port.report(
                    same ? Rule.BT_PORT : Rule.BT_ENCODING,
                    at,
                    "SendPipelineData/ContentTransferEncoding",
                    encoding,
                    "contentTransferEncoding=\""
                            + mime.get("contentTransferEncoding").orElse("") + "\"",
                    "",
                    "");
        }
        stages.of(Pipelines.Stage.ASSEMBLE).add(mime);
        if (!signs && !encrypts) {
            port.exact(at, "SendPipelineData/MIME_SMIME_Encoder", "", "<mime>");
            return;
        }
        Element smime = new Element("smime").set("profile", "biztalk-compatible");
        smime.set("signature", !signs ? "none" : signature.equals("1") && !encrypts ? "clear" : "opaque");
        port.exact(at, "SendPipelineData/SignatureType", signature, "signature");
        if (signature.equals("1") && encrypts) {
            port.report(
                    Rule.BT_CLEAR_ENCRYPTED,
                    at,
                    "SendPipelineData/SignatureType",
                    signature,
                    "signature=\"opaque\"",
                    "BizTalk forbids a clear signature with encryption",
                    "");
        }
        smime.set("encrypt", encrypts ? "true" : "false");
        if (encrypts) {
            algorithm(given, smime);
            certificate(smime);
        }
        if (signs) {
            signingKey(smime);
            if (given.containsKey("AddSigningCertToMessage")) {
                smime.set("includeCertificates", isTrue(given.get("AddSigningCertToMessage")) ? "signer" : "none");
            }
        }
        if (isTrue(given.getOrDefault("SendBodyPartAsAttachment", "0"))) {
            smime.set("bodyAsAttachment", "true");
        }
        if (isTrue(given.getOrDefault("ValidateCRL", "-1"))) {
            smime.set("trustStore", "import/authorities.pem").set("revocation", "hard");
            port.todo(
                    Todo.Kind.FILE,
                    "import/authorities.pem",
                    "the authorities of the certificates, exported as docs/migrating.md shows");
            port.report(
                    Rule.BT_REVOCATION,
                    at,
                    "SendPipelineData/ValidateCRL",
                    given.getOrDefault("ValidateCRL", ""),
                    "trustStore=\"import/authorities.pem\" revocation=\"hard\"",
                    "needs the certificates of the authorities",
                    "");
        }
        stages.of(Pipelines.Stage.ENCODE).add(smime);
    }

    private void algorithm(Map<String, String> given, Element smime) {
        String code = given.getOrDefault("EncryptionAlgorithm", "");
        String name =
                switch (code) {
                    case "0" -> "3des";
                    case "2" -> "rc2";
                    case "3" -> "aes128-cbc";
                    case "4" -> "aes192-cbc";
                    case "5" -> "aes256-cbc";
                    default -> "";
                };
        if (name.isEmpty()) {
            smime.set("encryption", "aes128-cbc");
            port.report(
                    Rule.BT_ALGORITHM,
                    at,
                    "SendPipelineData/EncryptionAlgorithm",
                    code,
                    "encryption=\"aes128-cbc\"",
                    "3DES up to BizTalk 2013 R2, AES-128 from 2016",
                    "");
        } else {
            smime.set("encryption", name);
            port.exact(at, "SendPipelineData/EncryptionAlgorithm", code, name);
        }
    }

    private void signingKey(Element smime) {
        smime.set("signingKey", "import/signing.p12").set("signingKeyPassword", "{{env:SIGNING_PASSWORD}}");
        port.todo(
                Todo.Kind.FILE,
                "import/signing.p12",
                "the group's signing certificate (console: group properties, Certificate), exported with its key as the service account");
        port.todo(Todo.Kind.ENV, "SIGNING_PASSWORD", "the password of import/signing.p12");
        port.report(
                Rule.BT_SIGNING_KEY,
                at,
                "SendPipelineData/SignatureType",
                "",
                "signingKey=\"import/signing.p12\"",
                "a binding does not contain it",
                "Export-PfxCertificate: docs/migrating.md; a key that cannot be exported: PKCS#11 or a new one");
    }

    private void certificate(Element smime) {
        Optional<Node> certificate = port.node.child("EncryptionCert").filter(each -> each.attribute("ThumbPrint")
                .isPresent());
        String folder = "import/certs/" + port.name.replace(' ', '_');
        String print = certificate
                .flatMap(each -> each.attribute("ThumbPrint"))
                .map(PipelineMapping::thumbprint)
                .orElse("RECIPIENT");
        smime.set("recipientCertificates", folder + "/");
        String file = folder + "/" + print + ".cer";
        port.todo(
                Todo.Kind.FILE,
                file,
                "the certificate of the recipient"
                        + (certificate.isPresent() ? " " + print : ", which the binding does not name"));
        port.report(
                Rule.BT_RECIPIENT_CERTIFICATE,
                certificate.orElse(at),
                "EncryptionCert",
                print,
                file,
                "",
                "Get-ChildItem Cert:\\LocalMachine\\AddressBook\\" + print + " | Export-Certificate -FilePath " + print
                        + ".cer");
    }

    /** Pasted thumbprints have blanks, and a mark of writing direction in front. */
    static String thumbprint(String given) {
        return given.replaceAll("[^0-9A-Fa-f]", "").toUpperCase(Locale.ROOT);
    }

    private static boolean isTrue(String value) {
        String flag = value.strip().toLowerCase(Locale.ROOT);
        return flag.equals("-1") || flag.equals("1") || flag.equals("true");
    }

    static String className(String type) {
        String name = type.replaceAll("[^\\p{Alnum}_.$]", "_");
        return name.isEmpty() ? "Unknown" : name;
    }

    private Element placeholder(Pipelines.Component component) {
        String name = component.shortType();
        if (name.endsWith("XSLTTransform") || name.equals("XslTransform")) {
            String path = component.properties().values().stream()
                    .filter(each -> each.matches("(?i).*\\.xslt?$"))
                    .findFirst()
                    .orElse(name + ".xsl");
            String map = context.file(path);
            port.todo(Todo.Kind.FILE, map, "the stylesheet " + path + " of component " + component.type());
            port.report(
                    Rule.BT_COMPONENT,
                    at,
                    "SendPipelineData/" + name,
                    component.type(),
                    "<xslt stylesheet=\"" + map + "\">",
                    "",
                    "copy it there");
            return new Element("xslt").set("stylesheet", map);
        }
        String type = className(component.type());
        Element made = new Element("component").set("class", type);
        List<String> names = new ArrayList<>();
        component.properties().forEach((property, value) -> {
            Element own = made.add("property").set("name", property);
            names.add(property);
            if (Report.isSecret(property)) {
                own.set(
                        "value",
                        port.variable(
                                type, Names.variable(property), "property " + property + " of component " + type));
            } else {
                port.set(own, "value", value, port.place(at, "SendPipelineData/" + name + "/" + property));
            }
        });
        port.todo(
                Todo.Kind.CLASS,
                type,
                "implements " + contract(component.stage()) + " with the properties " + names
                        + "; its source or assembly shows what it does"
                        + (EDI.contains(name) ? "; or submit the message in its final form" : ""));
        port.report(
                Rule.BT_COMPONENT,
                at,
                "SendPipelineData/" + name,
                component.type(),
                "<component class=\"" + type + "\">",
                "a .NET class, to be ported",
                "docs/writing-a-component.md");
        context.components.put(type, component);
        return made;
    }

    private static String contract(Pipelines.Stage stage) {
        return switch (stage) {
            case PRE_ASSEMBLE -> "MessageComponent";
            case ASSEMBLE -> "Assembler";
            case ENCODE -> "Encoder";
        };
    }
}
