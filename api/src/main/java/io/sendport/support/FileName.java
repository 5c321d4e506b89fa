package io.sendport.support;

/** Names of files in paths that come from elsewhere. */
public final class FileName {

    private FileName() {}

    /** The last part of a path, whichever system wrote it; the whole text where it has no folder. */
    public static String of(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }
}
