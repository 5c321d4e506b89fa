package io.sendport.host;

import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Reading;
import io.sendport.console.access.Grant;
import io.sendport.console.access.Token;
import io.sendport.console.access.TokenFile;
import io.sendport.console.access.TokenLogOns;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageRow;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.process.Environment;
import io.sendport.host.process.HostProcess;
import io.sendport.testing.FreePort;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.ServerKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An engine whose host takes mail by SMTP, with a relay behind it that tells what it got. */
final class SubmissionInstallation implements AutoCloseable {

    /** Where the certificate of the feed is, for whoever checks it. */
    static final String CERTIFICATE = "server.pem";

    private final Path folder;
    final int port;
    final ScriptedServer relay;
    final HostProcess process;

    /** With {@code submission} as attributes and elements of the feed, and more elements of the configuration. */
    SubmissionInstallation(Path folder, String attributes, String elements, String more) throws Exception {
        this.folder = folder;
        this.port = FreePort.find();
        this.relay = new ScriptedServer().offering("250-test\r\n250-8BITMIME\r\n250 SMTPUTF8");
        ServerKey.make(folder, "dns:localhost,ip:127.0.0.1");
        Path file = Files.writeString(
                folder.resolve("sendport.xml"), """
                <sendport xmlns='urn:sendport:config:1'>
                <messageBox url='jdbc:sqlite:var/sendport.db'/>
                <host name='H'>
                  <submission port='%1$d' %2$s>%3$s</submission>
                  <smtp host='127.0.0.1' port='%4$d' tls='none'/>
                </host>
                <sendPort name='Whole' host='H'><dynamic domains='customer.example'/>
                  <mail from='port@corp.example' passThroughHeaders='true'/></sendPort>
                <sendPort name='Anew' host='H'><dynamic domains='customer.example *.partner.example'/>
                  <mail from='port@corp.example'><attach parts='all'/></mail></sendPort>
                %5$s
                </sendport>""".formatted(port, attributes, elements, relay.port(), more));
        Reading reading = new ConfigurationReader(new CamelPlaceholders()).read(file);
        if (reading.hasErrors()) {
            throw new IllegalArgumentException(reading.problems().toString());
        }
        Environment plain = Environment.of(folder.resolve("plugins"), Clock.systemUTC());
        this.process = new HostProcess(
                reading.configuration().orElseThrow(), Set.of(), plain.with(new TokenLogOns(plain.clock())));
        Patience.until("the feed", () -> {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return probe.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** Makes a token with that name and those rights, and gives its secret. */
    String token(String name, String grants) throws Exception {
        String secret = Token.newSecret();
        new TokenFile(folder.resolve("var/sendport.db.tokens"))
                .add(new Token(name, Token.hash(secret), Grant.parse(grants), Instant.now(), Optional.empty()));
        return secret;
    }

    void revoke(String name) throws Exception {
        new TokenFile(folder.resolve("var/sendport.db.tokens")).revoke(name);
    }

    List<MessageRow> messages() {
        return process.box().queries().list(MessageFilter.all(), Optional.empty());
    }

    /** The mails that the relay has, once they are so many. */
    List<String> mails(int count) throws Exception {
        Patience.until(count + " mails", () -> relay.mails().size() >= count);
        return relay.mails();
    }

    Talk talk() throws IOException {
        return new Talk(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    @Override
    public void close() throws IOException {
        process.close();
        relay.close();
    }

    /** A session of somebody who types commands. */
    static final class Talk implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Talk(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout(60_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        /** Says it, and gives the whole answer. */
        String say(String command) throws IOException {
            send(command + "\r\n");
            return answer();
        }

        Talk send(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        }

        /** The next answer, all lines of it; empty when the server has hung up. */
        String answer() throws IOException {
            List<String> lines = new ArrayList<>();
            String line;
            do {
                line = in.readLine();
                if (line == null) {
                    break;
                }
                lines.add(line);
            } while (line.length() > 3 && line.charAt(3) == '-');
            return String.join("\n", lines);
        }

        /** A whole mail, without waiting in between; gives the last answer. */
        String handIn(String from, List<String> recipients, String mail) throws IOException {
            StringBuilder group = new StringBuilder("MAIL FROM:<" + from + ">\r\n");
            recipients.forEach(each -> group.append("RCPT TO:<").append(each).append(">\r\n"));
            send(group + "DATA\r\n");
            for (int i = 0; i <= recipients.size(); i++) {
                answer();
            }
            String answer = answer();
            return answer.startsWith("354") ? say(mail + "\r\n.") : answer;
        }

        Socket socket() {
            return socket;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
