package io.sendport.component.smime;

import io.sendport.api.component.MailOpener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.operator.OperatorCreationException;

/** Opens mails made by {@link SmimeEncoder}: decrypts, verifies the signature, and extracts the attachments. */
public final class SmimeOpener implements MailOpener {

    private static final long MAX_SIZE = 64L * 1024 * 1024;
    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"([^\"]+)\"", Pattern.CASE_INSENSITIVE);
    private static final Pattern FILE_NAME = Pattern.compile("filename=\"([^\"]+)\"", Pattern.CASE_INSENSITIVE);

    @Override
    public String element() {
        return "smime";
    }

    @Override
    public Opened open(Path mail, Path key, char[] password) throws IOException {
        if (Files.size(mail) > MAX_SIZE) {
            throw new IOException(mail + " has " + Files.size(mail) + " bytes, expected at most 64 MB");
        }
        try {
            return open(Files.readAllBytes(mail), key, password);
        } catch (GeneralSecurityException | CMSException | OperatorCreationException e) {
            throw new IOException(mail + " cannot be opened with " + key + ": " + e.getMessage(), e);
        }
    }

    private static Opened open(byte[] mail, Path key, char[] password)
            throws IOException, GeneralSecurityException, CMSException, OperatorCreationException {
        byte[] entity = mail;
        String signer = "";
        while (true) {
            String header = header(entity).toLowerCase(java.util.Locale.ROOT);
            if (header.contains("smime-type=enveloped-data")) {
                entity = decrypt(base64(entity), key, password);
            } else if (header.contains("smime-type=signed-data")) {
                CMSSignedData signed = new CMSSignedData(base64(entity));
                signer = verify(signed);
                entity = (byte[]) signed.getSignedContent().getContent();
            } else if (header.contains("multipart/signed")) {
                byte[] content = part(entity, 0);
                signer = verify(new CMSSignedData(new CMSProcessableByteArray(content), base64(part(entity, 1))));
                entity = content;
            } else {
                return new Opened(signer, files(entity));
            }
        }
    }

    private static byte[] decrypt(byte[] cms, Path key, char[] password)
            throws IOException, GeneralSecurityException, CMSException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(key)) {
            store.load(in, password);
        }
        String alias = Collections.list(store.aliases()).get(0);
        PrivateKey privateKey = (PrivateKey) store.getKey(alias, password);
        CMSException last = new CMSException("the mail has no recipients");
        for (RecipientInformation recipient :
                new CMSEnvelopedData(cms).getRecipientInfos().getRecipients()) {
            try {
                return recipient.getContent(new JceKeyTransEnvelopedRecipient(privateKey));
            } catch (CMSException e) {
                last = e;
            }
        }
        throw last;
    }

    private static String verify(CMSSignedData signed)
            throws IOException, GeneralSecurityException, CMSException, OperatorCreationException {
        String subject = "";
        for (SignerInformation signer : signed.getSignerInfos().getSigners()) {
            X509CertificateHolder certificate = certificateOf(signed, signer);
            if (!signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(certificate))) {
                throw new IOException("the signature is not valid");
            }
            subject = certificate.getSubject().toString();
        }
        return subject;
    }

    private static X509CertificateHolder certificateOf(CMSSignedData signed, SignerInformation signer)
            throws IOException {
        for (X509CertificateHolder each : signed.getCertificates().getMatches(null)) {
            if (signer.getSID().match(each)) {
                return each;
            }
        }
        throw new IOException("the signer's certificate is not in the mail");
    }

    private static Map<String, byte[]> files(byte[] entity) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        int count = BOUNDARY.matcher(header(entity)).find() ? text(entity).split("\r\n--", -1).length : 0;
        for (int i = 0; i < count; i++) {
            byte[] part = part(entity, i);
            Matcher name = FILE_NAME.matcher(header(part));
            if (name.find()) {
                files.put(name.group(1), base64(part));
            }
        }
        return files;
    }

    /** The part at {@code index} of a multipart, without the line end that belongs to the boundary; empty when it does not exist. */
    private static byte[] part(byte[] entity, int index) {
        Matcher matcher = BOUNDARY.matcher(header(entity));
        if (!matcher.find()) {
            return new byte[0];
        }
        String[] parts = ("\r\n" + body(entity)).split(Pattern.quote("\r\n--" + matcher.group(1)), -1);
        String part = index + 1 < parts.length ? parts[index + 1] : "--";
        return part.startsWith("--") ? new byte[0] : part.substring(2).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] base64(byte[] entity) {
        return Base64.getMimeDecoder().decode(body(entity).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String header(byte[] entity) {
        String text = text(entity);
        int end = text.indexOf("\r\n\r\n");
        return (end < 0 ? text : text.substring(0, end)).replaceAll("\r\n[ \t]+", " ");
    }

    private static String body(byte[] entity) {
        String text = text(entity);
        int end = text.indexOf("\r\n\r\n");
        return end < 0 ? "" : text.substring(end + 4);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
