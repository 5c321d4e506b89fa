package io.sendport.host.box;

/** The content of a message that ended was deleted by retention. */
final class ContentDeletedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    ContentDeletedException(MessageRow row) {
        super("message " + row.id() + " is " + row.state().word() + "; its content was deleted after it ended,"
                + " as the retention of its port requires");
    }
}
