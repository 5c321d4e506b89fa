package io.sendport.host.box;

/** The content of a message was deleted because the message ended. */
final class ContentDeletedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    ContentDeletedException(MessageRow row) {
        super("message " + row.id() + " is " + row.state().word() + "; its parts were deleted when it ended");
    }
}
