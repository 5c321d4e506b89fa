package io.sendport.smtp;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Lease;
import io.sendport.smtp.pool.ConnectionPool;
import jakarta.mail.Address;
import jakarta.mail.IllegalWriteException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Carries a sealed delivery through camel-mail, which requires a MimeMessage, and returns the result. It cannot be changed. */
final class SealedMessage extends MimeMessage {

    private final Delivery delivery;
    private final Lease lease;
    private final ConnectionPool.Borrowed connection;
    private @Nullable DeliveryResult result;

    SealedMessage(Delivery delivery, Lease lease, ConnectionPool.Borrowed connection) {
        super((Session) null);
        this.connection = connection;
        this.delivery = delivery;
        this.lease = lease;
        this.saved = true;
        this.modified = false;
    }

    Delivery delivery() {
        return delivery;
    }

    Lease lease() {
        return lease;
    }

    /** The connection that it is sent on. */
    ConnectionPool.Borrowed connection() {
        return connection;
    }

    void result(DeliveryResult other) {
        result = other;
    }

    @Nullable
    DeliveryResult result() {
        return result;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (InputStream in = delivery.mail().open()) {
            in.transferTo(out);
        }
    }

    @Override
    public void writeTo(OutputStream out, String[] ignored) throws IOException {
        writeTo(out);
    }

    @Override
    public String getMessageID() {
        return delivery.mimeMessageId();
    }

    @Override
    public Address[] getAllRecipients() {
        return new Address[0];
    }

    @Override
    public void saveChanges() {
        // Sealed: nothing to save.
    }

    @Override
    protected void updateHeaders() {
        // Sealed: Sendport must not update header fields.
    }

    @Override
    protected void updateMessageID() {
        // Sealed: the Message-ID is the same for every attempt.
    }

    @Override
    public void setHeader(String name, String value) throws IllegalWriteException {
        throw sealed();
    }

    @Override
    public void addHeader(String name, String value) throws IllegalWriteException {
        throw sealed();
    }

    @Override
    public void removeHeader(String name) throws IllegalWriteException {
        throw sealed();
    }

    private IllegalWriteException sealed() {
        return new IllegalWriteException("message " + delivery.message() + " is sealed");
    }
}
