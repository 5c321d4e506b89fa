package io.sendport.smtp.sasl;

import io.sendport.testing.NobodysPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.client.KrbConfig;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;
import org.apache.kerby.kerberos.kerb.type.KerberosTime;
import org.apache.kerby.kerberos.kerb.type.ticket.TgtTicket;

/** A Kerberos KDC inside this process, on a port of the loopback interface. While it is open Java asks it, and nobody else. */
public final class Kdc implements AutoCloseable {

    static final String REALM = "EXAMPLE.TEST";
    private static final String PROPERTY = "java.security.krb5.conf";

    private final Path folder;
    private final String before;
    private final SimpleKdcServer kdc = new SimpleKdcServer(new KrbConfig());

    public Kdc(Path folder) throws IOException, KrbException {
        this.folder = folder;
        this.before = System.getProperty(PROPERTY);
        try (NobodysPort kept = new NobodysPort()) {
            prepare(kept.number());
        }
        kdc.start();
    }

    private void prepare(int port) throws IOException, KrbException {
        kdc.setWorkDir(folder.toFile());
        kdc.setKdcRealm(REALM);
        kdc.setKdcHost("127.0.0.1");
        kdc.setKdcTcpPort(port);
        kdc.setAllowTcp(true);
        kdc.setAllowUdp(false);
        kdc.init();
        // In the place of the one that Kerby wrote: Java would try UDP first.
        Files.writeString(folder.resolve("krb5.conf"), """
                [libdefaults]
                  default_realm = %1$s
                  udp_preference_limit = 1
                  dns_lookup_kdc = false
                  dns_lookup_realm = false
                  dns_canonicalize_hostname = false
                [realms]
                  %1$s = {
                    kdc = 127.0.0.1:%2$d
                  }
                [domain_realm]
                  localhost = %1$s
                """.formatted(REALM, port));
    }

    /** A service's keys. */
    public Path keytab(String service) throws KrbException {
        Path keytab = folder.resolve("service.keytab");
        kdc.createPrincipal(service + "@" + REALM);
        kdc.exportPrincipal(service + "@" + REALM, keytab.toFile());
        return keytab;
    }

    /** What kinit does: a ticket in a file, good for {@code seconds}. */
    public Path ticket(String user, long seconds) throws KrbException {
        kdc.createPrincipal(user + "@" + REALM, "secret");
        TgtTicket ticket = kdc.getKrbClient().requestTgt(user + "@" + REALM, "secret");
        ticket.getEncKdcRepPart().setEndTime(new KerberosTime(System.currentTimeMillis() + seconds * 1_000));
        Path cache = folder.resolve("tickets-" + user);
        kdc.getKrbClient().storeTicket(ticket, cache.toFile());
        return cache;
    }

    @Override
    public void close() throws KrbException {
        try {
            kdc.stop();
        } finally {
            if (before == null) {
                System.clearProperty(PROPERTY);
            } else {
                System.setProperty(PROPERTY, before);
            }
        }
    }
}
