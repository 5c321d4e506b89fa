package io.sendport.testing;

import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;

/** An adapter that always has a connection. */
public abstract class FakeAdapter implements SendAdapter {

    /** What comes of a delivery. */
    public abstract DeliveryResult send(Delivery delivery, Lease lease) throws Exception;

    @Override
    public Connecting connect() {
        return new Connecting.Connected(new SendConnection() {
            @Override
            public DeliveryResult send(Delivery delivery, Lease lease) throws Exception {
                return FakeAdapter.this.send(delivery, lease);
            }

            @Override
            public void close() {
                closed();
            }
        });
    }

    /** A connection was given back. */
    protected void closed() {
        // Nothing is open.
    }

    @Override
    public int concurrency() {
        return 1;
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    /** Hands one delivery over, as a port does that has nothing else to send. */
    public static DeliveryResult send(SendAdapter adapter, Delivery delivery, Lease lease) throws Exception {
        Connecting asked = adapter.connect();
        if (!(asked instanceof Connecting.Connected connected)) {
            throw new AssertionError(asked.toString());
        }
        try (SendConnection connection = connected.connection()) {
            return connection.send(delivery, lease);
        }
    }
}
