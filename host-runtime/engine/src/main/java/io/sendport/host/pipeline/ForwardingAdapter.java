package io.sendport.host.pipeline;

import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Progress;
import io.sendport.api.adapter.Rest;
import io.sendport.api.adapter.SendAdapter;
import java.util.Optional;

/** Forwards every call to another adapter. A subclass overrides some methods. */
abstract class ForwardingAdapter implements SendAdapter {

    private final SendAdapter own;

    ForwardingAdapter(SendAdapter own) {
        this.own = own;
    }

    final SendAdapter own() {
        return own;
    }

    @Override
    public Connecting connect() throws InterruptedException {
        return own.connect();
    }

    @Override
    public Connecting connect(Progress progress) throws InterruptedException {
        return own.connect(progress);
    }

    @Override
    public int concurrency() {
        return own.concurrency();
    }

    @Override
    public Optional<Rest> rest() {
        return own.rest();
    }

    @Override
    public void resume() {
        own.resume();
    }

    @Override
    public int maxRecipients() {
        return own.maxRecipients();
    }

    @Override
    public void close() {
        own.close();
    }
}
