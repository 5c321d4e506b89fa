package io.sendport.bench;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.simplejavamail.api.email.Email;
import org.simplejavamail.api.email.EmailPopulatingBuilder;
import org.simplejavamail.api.mailer.Mailer;
import org.simplejavamail.api.mailer.config.TransportStrategy;
import org.simplejavamail.email.EmailBuilder;
import org.simplejavamail.mailer.MailerBuilder;

/** Simple Java Mail with its batch module: a pool of connections, nothing durable. */
final class SimpleJavaMailContestant implements Contestant {

    private final Mailer mailer;
    private final Terms terms;

    SimpleJavaMailContestant(Terms terms) {
        this.terms = terms;
        mailer = MailerBuilder.withSMTPServer("127.0.0.1", terms.port())
                .withTransportStrategy(TransportStrategy.SMTP)
                .withConnectionPoolCoreSize(terms.connections())
                .withConnectionPoolMaxSize(terms.connections())
                .withThreadPoolSize(terms.connections())
                .buildMailer();
    }

    @Override
    public void send() throws Exception {
        EmailPopulatingBuilder builder = EmailBuilder.startingBlank()
                .from("a@corp.example")
                .withSubject("bench")
                .withPlainText(new String(terms.text(), StandardCharsets.US_ASCII));
        for (String each : CamelMailContestant.recipients(terms).split(",")) {
            builder.to(each);
        }
        Email email = builder.buildEmail();
        CompletableFuture<Void> sent = mailer.sendMail(email, true);
        sent.get();
    }

    @Override
    public void close() throws Exception {
        mailer.close();
    }
}
