package io.sendport.support;

/** File names in paths that come from other systems. */
public final class FileName {

    private FileName() {}

    /** The last name in a Unix or Windows path; the whole text when it contains no folder. */
    public static String of(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }
}
