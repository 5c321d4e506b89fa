package io.sendport.smtp.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.settings.Identity;
import io.sendport.api.settings.Secret;
import io.sendport.testing.Deep;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NtlmTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final int MUTATIONS = Deep.times(5_000, 100_000);

    private static Ntlm ntlm(Identity account, Optional<byte[]> endPoint) {
        return new Ntlm(
                account, new Ntlm.Server("SMTPSVC/mail.corp.example", "HERE", endPoint), false, Clock.systemUTC());
    }

    /** As allowBareNtlm has it. */
    private static Ntlm bare(Identity account) {
        return new Ntlm(
                account,
                new Ntlm.Server("SMTPSVC/mail.corp.example", "HERE", Optional.empty()),
                true,
                Clock.systemUTC());
    }

    private static Identity account(String domain, String user, String password) {
        return new Identity(domain, user, new Secret(password));
    }

    /** [MS-NLMP] section 4.2.4. */
    @Test
    void computesTheResponsesOfTheSpecificationExample() throws Exception {
        byte[] info =
                HEX.parseHex("02000c0044006f006d00610069006e00" + "01000c005300650072007600650072000000" + "0000");
        NtlmProof proof = NtlmProof.of(
                account("Domain", "User", "Password"),
                HEX.parseHex("0123456789abcdef"),
                HEX.parseHex("aaaaaaaaaaaaaaaa"),
                new byte[8],
                TargetInfo.of(info));
        assertThat(HEX.formatHex(proof.ntResponse()))
                .startsWith("68cd0ab851e51c96aabc927bebef6a1c" + "0101000000000000");
        assertThat(HEX.formatHex(proof.lmResponse())).isEqualTo("86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa");
        assertThat(HEX.formatHex(proof.sessionKey())).isEqualTo("8de40ccadbc14a82f15cb0ad0de95ca3");
    }

    /** The example that Microsoft published with Extended Protection. */
    @Test
    void bindsTheLogOnToTheServersCertificate() throws Exception {
        ByteArrayOutputStream binding = new ByteArrayOutputStream();
        binding.writeBytes("tls-server-end-point:".getBytes(StandardCharsets.US_ASCII));
        binding.writeBytes(HEX.parseHex("ea05fefecc6b0bd571dbbc5baa3ed45386d0446835f7b74c85621b9983475f95"));
        TargetInfo answer = TargetInfo.of(NtlmServer.info(20, true))
                .answering(true, "SMTPSVC/mail.corp.example", Optional.of(binding.toByteArray()));
        assertThat(HEX.formatHex(answer.pairs().get(10))).isEqualTo("6586e99d81c2fc984e47172fd4dd0310");
        assertThat(answer.pairs().get(9)).isEqualTo(Ntlm.utf16("SMTPSVC/mail.corp.example"));
        assertThat(answer.pairs().get(6)).containsExactly(2, 0, 0, 0);
    }

    @Test
    void addsAMessageIntegrityCodeWhenTheServerSendsATimestamp() throws Exception {
        Ntlm ntlm = ntlm(account("CORP", "svc", "secret"), Optional.empty());
        byte[] first = ntlm.initialResponse();
        byte[] challenge = NtlmServer.challenge(NtlmServer.FLAGS, NtlmServer.info(20, true));
        byte[] last = ntlm.response(challenge);
        byte[] response = NtlmServer.field(last, NtlmServer.NT_RESPONSE);
        byte[] temp = Arrays.copyOfRange(response, 16, response.length);
        assertThat(Arrays.copyOfRange(temp, 8, 16)).as("the server's time").containsExactly(9, 8, 7, 6, 5, 4, 3, 2);
        NtlmProof proof = NtlmProof.of(
                account("CORP", "svc", "secret"),
                Arrays.copyOfRange(challenge, 24, 32),
                Arrays.copyOfRange(temp, 16, 24),
                Arrays.copyOfRange(temp, 8, 16),
                TargetInfo.of(Arrays.copyOfRange(temp, 28, temp.length)));
        byte[] code = Arrays.copyOfRange(last, 72, 88);
        byte[] without = last.clone();
        Arrays.fill(without, 72, 88, (byte) 0);
        Mac mac = Mac.getInstance("HmacMD5");
        mac.init(new SecretKeySpec(proof.sessionKey(), "HmacMD5"));
        mac.update(first);
        mac.update(challenge);
        assertThat(code).isEqualTo(mac.doFinal(without));
        assertThat(NtlmServer.field(last, 12))
                .as("no LM response beside a code")
                .containsOnly(0);
    }

    /** Java's own server, which knows nothing of this client, and sent no target information. */
    @ParameterizedTest
    @CsvSource({
        "CORP,svc,pa55",
        "'',svc@corp.example,pa55",
        "CORP,jörg,pässwörd",
        "ДОМЕН,пользователь,日本語パスワード",
        "CORP,ｓｖｃ,😀 with space",
        "CORP,averylonguserthathasmorethantwentycharacters,xx"
    })
    void authenticatesWithCharactersOfAnyScript(String domain, String user, String password) throws Exception {
        assertThat(admitted(domain, user, password, password)).isTrue();
    }

    @Test
    void isRefusedWithAWrongPassword() {
        assertThatThrownBy(() -> admitted("CORP", "svc", "right", "wrong")).isInstanceOf(SaslException.class);
    }

    private static boolean admitted(String domain, String user, String known, String given) throws Exception {
        SaslServer server = NtlmServer.inJava(domain, known).call();
        Ntlm ntlm = bare(account(domain, user, given));
        byte[] challenge = server.evaluateResponse(ntlm.initialResponse());
        server.evaluateResponse(ntlm.response(challenge));
        return server.isComplete();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 200, 280, 400, 4_000, 20_000})
    void acceptsTargetInformationOfAnyLength(int bytes) throws Exception {
        Ntlm ntlm = ntlm(account("CORP", "svc", "secret"), Optional.empty());
        assertThat(ntlm.initialResponse()).isNotEmpty();
        byte[] last = ntlm.response(NtlmServer.challenge(NtlmServer.FLAGS, NtlmServer.info(bytes, true)));
        assertThat(NtlmServer.field(last, NtlmServer.NT_RESPONSE)).hasSizeGreaterThan(bytes);
        assertThat(NtlmServer.field(last, NtlmServer.USER)).isEqualTo(Ntlm.utf16("svc"));
        assertThat(ntlm.isComplete()).isTrue();
    }

    @Test
    void neverAnswersWithNtlmV1() {
        byte[] old = NtlmServer.challenge(0x00008201, new byte[0]);
        assertThatThrownBy(() -> answered(old))
                .isInstanceOf(SaslException.class)
                .hasMessageContaining("sent no target information");
        assertThatThrownBy(() -> answered(NtlmServer.challenge(NtlmServer.FLAGS & ~1, NtlmServer.info(0, false))))
                .hasMessageContaining("Unicode");
    }

    /** Whatever it has agreed to otherwise: docs/relays.md says who gets no answer. */
    @Test
    void rejectsAChallengeWithoutTargetInformationUnlessAllowed() throws Exception {
        int without = NtlmServer.FLAGS & ~NtlmMessage.TARGET_INFO;
        for (byte[] bare : List.of(
                NtlmServer.challenge(without, new byte[0]),
                NtlmServer.challenge(without, NtlmServer.info(60, true)),
                NtlmServer.challenge(NtlmServer.FLAGS, new byte[0]),
                NtlmServer.challenge(NtlmServer.FLAGS, new byte[4]))) {
            assertThatThrownBy(() -> answered(bare))
                    .isInstanceOf(SaslException.class)
                    .hasMessageContaining("sent no target information")
                    .hasMessageContaining("allowBareNtlm");
            assertThat(NtlmServer.field(answeredBare(bare), NtlmServer.NT_RESPONSE))
                    .as("version 2")
                    .hasSizeGreaterThan(24);
        }
    }

    /** A field names its place and its length: the target's name at 12, the target information at 40. */
    @ParameterizedTest
    @CsvSource({"12, true", "12, false", "40, true"})
    void rejectsAChallengeWithAFieldOutsideTheMessage(int field, boolean informed) {
        int flags = informed ? NtlmServer.FLAGS : NtlmServer.FLAGS & ~NtlmMessage.TARGET_INFO;
        byte[] good = NtlmServer.challenge(flags, NtlmServer.info(60, true));
        for (int[] place : new int[][] {
            {8, good.length - 7},
            {8, good.length},
            {8, Integer.MAX_VALUE},
            {8, Integer.MIN_VALUE},
            {8, -1},
            {8, 0},
            {8, informed ? 47 : 31},
            {0xFFFF, 48},
            {good.length, 48}
        }) {
            ByteBuffer bad = ByteBuffer.wrap(good.clone()).order(ByteOrder.LITTLE_ENDIAN);
            bad.putShort(field, (short) place[0]).putInt(field + 4, place[1]);
            assertThatThrownBy(() -> answeredBare(bad.array()))
                    .as(place[0] + " bytes at " + place[1])
                    .isInstanceOf(SaslException.class)
                    .hasMessageContaining("lies outside the message");
        }
        ByteBuffer empty = ByteBuffer.wrap(good.clone()).order(ByteOrder.LITTLE_ENDIAN);
        empty.putShort(12, (short) 0).putInt(16, -1);
        assertThatCode(() -> answeredBare(empty.array()))
                .as("an empty name is nowhere")
                .doesNotThrowAnyException();
    }

    private static byte[] answeredBare(byte[] challenge) throws SaslException {
        Ntlm ntlm = bare(account("CORP", "svc", "secret"));
        if (ntlm.initialResponse().length == 0) {
            throw new AssertionError("NTLM begins with a message");
        }
        return ntlm.response(challenge);
    }

    @Test
    void answersABareChallengeWithNtlmV2WhenAllowed() throws Exception {
        byte[] last = answeredBare(NtlmServer.challenge(0x00028205, new byte[0]));
        assertThat(NtlmServer.field(last, NtlmServer.NT_RESPONSE)).hasSizeGreaterThan(24);
    }

    @Test
    void answersOneChallengeOnly() throws Exception {
        Ntlm ntlm = ntlm(account("CORP", "svc", "secret"), Optional.empty());
        byte[] challenge = NtlmServer.challenge(NtlmServer.FLAGS, NtlmServer.info(0, false));
        assertThatThrownBy(() -> ntlm.response(challenge)).isInstanceOf(SaslException.class);
        assertThat(ntlm.initialResponse()).isNotEmpty();
        assertThat(ntlm.isComplete()).isFalse();
        assertThat(ntlm.response(challenge)).isNotEmpty();
        assertThatThrownBy(() -> ntlm.response(challenge)).isInstanceOf(SaslException.class);
    }

    private static byte[] answered(byte[] challenge) throws SaslException {
        Ntlm ntlm = ntlm(account("CORP", "svc", "secret"), Optional.empty());
        if (ntlm.initialResponse().length == 0) {
            throw new AssertionError("NTLM begins with a message");
        }
        return ntlm.response(challenge);
    }

    /** Cut off, changed, made longer: an answer in version 2, or one declared exception. */
    @Test
    void rejectsMutatedChallengesOrAnswersWithNtlmV2() {
        Random random = new Random(4711);
        byte[] good = NtlmServer.challenge(NtlmServer.FLAGS, NtlmServer.info(60, true));
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length + 50) : good.length);
            for (int change = random.nextInt(6); change >= 0 && bad.length > 0; change--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            try {
                byte[] answer = answered(bad);
                assertThat(NtlmServer.field(answer, NtlmServer.NT_RESPONSE).length)
                        .as("version 2")
                        .isGreaterThan(24);
            } catch (SaslException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(MUTATIONS / 10, MUTATIONS - 1);
        assertThatThrownBy(() -> answered(new byte[70_000])).isInstanceOf(SaslException.class);
    }
}
