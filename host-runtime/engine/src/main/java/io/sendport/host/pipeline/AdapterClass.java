package io.sendport.host.pipeline;

import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Progress;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;
import io.sendport.api.host.HostServices;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** An adapter of a plug-in: {@code <adapter class="...">}. See {@link PluginClass} for its properties. */
final class AdapterClass {

    private static final PluginClass.Kind<SendAdapter> KIND =
            new PluginClass.Kind<>(SendAdapter.class, "an adapter", "SendAdapter");

    private AdapterClass() {}

    /** The problems of the element; empty when there are none. */
    static List<Problem> check(Settings settings, PluginFolder plugins) {
        List<Problem> problems = new ArrayList<>();
        PluginClass.find(settings, KIND, plugins, problems).ifPresent(each -> problems.addAll(each.check()));
        return problems;
    }

    /**
     * Creates the adapter.
     *
     * @throws Exception from the constructor, or for a problem that {@link #check} reports
     */
    static SendAdapter create(Settings settings, PluginFolder plugins, HostServices host) throws Exception {
        List<Problem> problems = new ArrayList<>();
        return new Loaded(PluginClass.require(PluginClass.find(settings, KIND, plugins, problems), problems)
                .create(host));
    }

    /** Runs the adapter with the class loader of the plug-in, in which its libraries look for classes. */
    private static final class Loaded extends ForwardingAdapter {

        Loaded(SendAdapter own) {
            super(own);
        }

        @Override
        public Connecting connect() throws InterruptedException {
            return connected(own()::connect);
        }

        @Override
        public Connecting connect(Progress progress) throws InterruptedException {
            return connected(() -> own().connect(progress));
        }

        private Connecting connected(Callable<Connecting> attempt) throws InterruptedException {
            Class<?> type = own().getClass();
            try {
                Connecting connecting = OwnLoader.call(type, attempt);
                return connecting instanceof Connecting.Connected connected
                        ? new Connecting.Connected(new LoadedConnection(type, connected.connection()))
                        : connecting;
            } catch (InterruptedException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(type.getName() + " threw an undeclared exception", e);
            }
        }
    }

    private record LoadedConnection(Class<?> type, SendConnection own) implements SendConnection {

        @Override
        public Optional<String> fault() {
            return own.fault();
        }

        @Override
        public DeliveryResult send(Delivery delivery, Lease lease) throws Exception {
            return OwnLoader.call(type, () -> own.send(delivery, lease));
        }

        @Override
        public void close() {
            own.close();
        }
    }
}
