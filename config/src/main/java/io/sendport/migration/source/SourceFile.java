package io.sendport.migration.source;

import io.sendport.support.FileName;

/**
 * An input file.
 *
 * @param name the name as given on the command line; for a file in an archive, preceded by the archive
 * @param sha256 the digest of its bytes
 * @param root its root element
 */
public record SourceFile(String name, String sha256, Node root) {

    /** Its name without folders. */
    public String shortName() {
        return FileName.of(name);
    }
}
