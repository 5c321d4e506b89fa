package io.sendport.migration;

import java.util.LinkedHashMap;
import java.util.Map;

/** A binding file with one send port, part by part. */
final class BindingText {

    private final Map<String, String> props = new LinkedHashMap<>();
    private String name = "P";
    private String attributes = "IsStatic=\"true\" IsTwoWay=\"false\" BindingOption=\"1\"";
    private String adapter = "SMTP";
    private String address = "b@customer.example";
    private String transport = "<RetryCount>3</RetryCount><RetryInterval>5</RetryInterval><SendHandler Name=\"Mail\"/>";
    private String more = "";
    private String sections = "";
    private String data;

    /** With a server, a sender and a recipient, and nobody logs on. */
    static BindingText complete() {
        return new BindingText()
                .with("To", "b@customer.example")
                .with("From", "a@corp.example")
                .with("SMTPHost", "mail.corp.example")
                .with("SMTPAuthenticate", "0");
    }

    static BindingText minimal() {
        return new BindingText().with("To", "b@customer.example");
    }

    BindingText with(String property, String value) {
        props.put(property, value);
        return this;
    }

    BindingText without(String property) {
        props.remove(property);
        return this;
    }

    BindingText named(String given) {
        name = given;
        return this;
    }

    BindingText attributes(String given) {
        attributes = given;
        return this;
    }

    BindingText adapter(String given) {
        adapter = given;
        return this;
    }

    BindingText address(String given) {
        address = given;
        return this;
    }

    BindingText transport(String given) {
        transport = given;
        return this;
    }

    /** What else the port holds. */
    BindingText holding(String given) {
        more += given;
        return this;
    }

    /** What else the binding holds. */
    BindingText beside(String given) {
        sections += given;
        return this;
    }

    BindingText data(String given) {
        data = given;
        return this;
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("\r", "&#xD;");
    }

    String props() {
        StringBuilder all = new StringBuilder("<CustomProps>");
        props.forEach((property, value) ->
                all.append("<" + property + " vt=\"8\">" + escaped(value) + "</" + property + ">"));
        return all.append("</CustomProps>").toString();
    }

    String port() {
        return "<SendPort Name=\"" + escaped(name) + "\" " + attributes + ">\n<PrimaryTransport><Address>"
                + escaped(address)
                + "</Address><TransportType Name=\"" + adapter + "\"/><TransportTypeData>"
                + (data == null ? escaped(props()) : data) + "</TransportTypeData>" + transport + "</PrimaryTransport>"
                + more + "</SendPort>";
    }

    String xml() {
        return "<BindingInfo xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" Version=\"3.5.1.0\">\n<SendPortCollection>\n"
                + port() + "\n</SendPortCollection>" + sections + "</BindingInfo>";
    }
}
