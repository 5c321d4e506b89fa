package io.sendport.host.box.body;

import io.sendport.api.message.Body;
import io.sendport.host.ledger.Hashing;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A body that compares itself with its stored digest while it is read. If it differs, reading fails before the last bytes are returned. */
final class SealedBody implements Body {

    private final Body body;
    private final String sha256;
    private final String name;

    SealedBody(Body body, String sha256, String name) {
        this.body = body;
        this.sha256 = sha256;
        this.name = name;
    }

    @Override
    public InputStream open() throws IOException {
        return new Checking(body.open());
    }

    @Override
    public long size() {
        return body.size();
    }

    private final class Checking extends FilterInputStream {
        private final MessageDigest digest = Hashing.sha256();
        private long read;
        private boolean checked;

        Checking(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            if (count > 0) {
                digest.update(bytes, offset, count);
                read += count;
            }
            // Check before returning the last bytes, because a reader that knows the size reads no further.
            if ((count < 0 && length > 0) || read >= size()) {
                check();
            }
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            return readNBytes((int) Math.min(count, 64 * 1024)).length;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        private void check() throws IOException {
            if (checked) {
                return;
            }
            checked = true;
            if (read != size() || !HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
                throw new IOException(name + " differs from what was submitted (" + read + " of " + size()
                        + " bytes): the message box is damaged. Check the disk and the database, then terminate this message"
                        + " and submit it again");
            }
        }
    }
}
