package io.sendport.migration.source;

import io.sendport.support.FileName;

/**
 * A file that was given.
 *
 * @param name as it was named on the command line; of a file in an archive, with the archive in front
 * @param sha256 of its bytes
 * @param root its root element
 */
public record SourceFile(String name, String sha256, Node root) {

    /** Its name without folders. */
    public String shortName() {
        return FileName.of(name);
    }
}
