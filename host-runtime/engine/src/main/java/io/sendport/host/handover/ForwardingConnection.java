package io.sendport.host.handover;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.SendConnection;
import java.util.Optional;

/** Forwards every call to another connection. A subclass overrides some calls. */
public abstract class ForwardingConnection implements SendConnection {

    private final SendConnection own;

    /** Forwards to {@code own}. */
    protected ForwardingConnection(SendConnection own) {
        this.own = own;
    }

    @Override
    public Optional<String> fault() {
        return own.fault();
    }

    @Override
    public DeliveryResult send(Delivery delivery, Lease lease) throws Exception {
        return own.send(delivery, lease);
    }

    @Override
    public void close() {
        own.close();
    }
}
