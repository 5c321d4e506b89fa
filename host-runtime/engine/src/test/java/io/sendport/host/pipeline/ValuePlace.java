package io.sendport.host.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A place in {@code <mail>} where a value may stand.
 *
 * @param mail puts the property {@code H} there
 * @param harmless a value that means no harm there
 */
record ValuePlace(String mail, String harmless) {

    private static final String DOMAINS = " domains='customer.example *.partner.example corp.example'";

    /** All of them, by name. */
    static Map<String, ValuePlace> all() {
        Map<String, ValuePlace> places = new LinkedHashMap<>();
        for (String each : List.of("from", "to", "cc", "bcc", "replyTo", "envelopeFrom")) {
            String others = (each.equals("from") ? "" : " from='a@corp.example'")
                    + (each.equals("to") ? "" : " to='b@customer.example'");
            String more = each.equals("to") || each.equals("cc") || each.equals("bcc") ? "c@corp.example, " : "";
            String attribute = "<mail" + others + " " + each + "='" + more;
            places.put(each + "-local", new ValuePlace(attribute + "x+%H%@customer.example'/>", "joe"));
            places.put(each + "-domain", new ValuePlace(attribute + "x@%H%.example'" + DOMAINS + "/>", "customer"));
            places.put(each + "-whole", new ValuePlace(attribute + "%H%'" + DOMAINS + "/>", "joe@customer.example"));
            places.put(each + "-name", new ValuePlace(attribute + "%H% &lt;x@customer.example>'/>", "joe"));
            places.put(each + "-quoted", new ValuePlace(attribute + "\"%H%\" &lt;x@customer.example>'/>", "joe"));
        }
        String mail = "<mail from='a@corp.example' to='b@customer.example'";
        places.put("subject", new ValuePlace(mail + " subject='%H%'/>", "joe"));
        places.put("field", new ValuePlace(mail + "><header name='X-Own' value='%H%'/></mail>", "joe"));
        places.put(
                "field-addresses",
                new ValuePlace(mail + "><header name='Resent-To' value='%H% &lt;x@corp.example>'/></mail>", "joe"));
        places.put("text", new ValuePlace(mail + "><body text='%H%'/><attach parts='all'/></mail>", "joe"));
        places.put("html", new ValuePlace(mail + "><body type='text/html' text='%H%'/><body text='x'/></mail>", "joe"));
        places.put(
                "file-name", new ValuePlace(mail + "><body text='x'/><attach parts='all' name='%H%'/></mail>", "joe"));
        places.put(
                "content-id",
                new ValuePlace(
                        mail + "><body type='text/html' text='x'/><attach parts='all' contentId='%H%'/></mail>",
                        "joe"));
        for (String word : List.of("deliveryReceipt=success", "returnContent=full", "transferPriority=1")) {
            String[] pair = word.split("=");
            places.put(pair[0], new ValuePlace(mail + " " + pair[0] + "='%H%'/>", pair[1]));
        }
        return places;
    }
}
