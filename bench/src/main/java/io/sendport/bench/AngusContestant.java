package io.sendport.bench;

import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Angus Mail by hand: a connection for each thread that stays open, nothing durable. */
final class AngusContestant implements Contestant {

    private final Session session;
    private final Terms terms;
    private final Queue<Transport> open = new ConcurrentLinkedQueue<>();

    AngusContestant(Terms terms) {
        this.terms = terms;
        Properties properties = new Properties();
        properties.put("mail.smtp.host", "127.0.0.1");
        properties.put("mail.smtp.port", String.valueOf(terms.port()));
        session = Session.getInstance(properties);
    }

    @Override
    public void send() throws Exception {
        Transport transport = open.poll();
        if (transport == null) {
            transport = session.getTransport("smtp");
            transport.connect();
        }
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress("a@corp.example"));
        message.setRecipients(Message.RecipientType.TO, CamelMailContestant.recipients(terms));
        message.setSubject("bench");
        message.setText(new String(terms.text(), StandardCharsets.US_ASCII));
        message.saveChanges();
        transport.sendMessage(message, message.getAllRecipients());
        open.add(transport);
    }

    @Override
    public void close() throws Exception {
        for (Transport each : open) {
            each.close();
        }
    }
}
