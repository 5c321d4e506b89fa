package io.sendport.api.message;

import java.time.Instant;

/** The properties that Sendport itself reads or sets, under the names that BizTalk uses. */
public final class MessageProperties {

    /** Namespace and root element of an XML body, {@code namespace#root}; set at submit. */
    public static final Property<String> MESSAGE_TYPE = Property.text("BTS.MessageType");

    /** The message's id as text; set at submit. */
    public static final Property<String> MESSAGE_ID = Property.text("BTS.MessageID");

    /** The name of the party the message is for; {@code %DestinationParty%}. */
    public static final Property<String> DESTINATION_PARTY = Property.text("BTS.DestinationParty");

    /** File name of the part that has this property; {@code %MIME.FileName%}. */
    public static final Property<String> FILE_NAME = Property.text("MIME.FileName");

    /** The part is a finished MIME entity and is passed through unchanged. */
    public static final Property<Boolean> IS_MIME_ENCODED = Property.flag("MIME.IsMIMEEncoded");

    /** Header From, {@code SMTP.From}. */
    public static final Property<String> FROM = Property.text("SMTP.From");

    /** Return path of the envelope, {@code <>} for none; defined by Sendport. Defaults to the address of {@link #FROM}. */
    public static final Property<String> ENVELOPE_FROM = Property.text("SMTP.EnvelopeFrom");

    /** Header To and envelope; defined by Sendport, since BizTalk uses the address of the port. */
    public static final Property<String> TO = Property.text("SMTP.To");

    /** Header Cc and envelope, {@code SMTP.CC}. */
    public static final Property<String> CC = Property.text("SMTP.CC");

    /** Envelope only; defined by Sendport. */
    public static final Property<String> BCC = Property.text("SMTP.Bcc");

    /**
     * The only address that gets the mails of this message, in place of all recipients that the port would name. Sendport sets it on
     * messages that are submitted to try a port out. Submitters, documents and components cannot set it.
     */
    public static final Property<String> REDIRECT_TO = Property.text("Sendport.RedirectTo");

    /** Header Subject, {@code SMTP.Subject}. */
    public static final Property<String> SUBJECT = Property.text("SMTP.Subject");

    /** Header Reply-To; defined by Sendport. */
    public static final Property<String> REPLY_TO = Property.text("SMTP.ReplyTo");

    /** A text that replaces the body, {@code SMTP.EmailBodyText}. */
    public static final Property<String> EMAIL_BODY_TEXT = Property.text("SMTP.EmailBodyText");

    /** The charset of that text, {@code SMTP.EmailBodyTextCharset}. */
    public static final Property<String> EMAIL_BODY_TEXT_CHARSET = Property.text("SMTP.EmailBodyTextCharset");

    /** The name of a file that replaces the body, {@code SMTP.EmailBodyFile}; read only from {@code <body folder>}. */
    public static final Property<String> EMAIL_BODY_FILE = Property.text("SMTP.EmailBodyFile");

    /** Names of files to attach, separated by {@code |}, {@code SMTP.Attachments}; read only from {@code <attach folder>}. */
    public static final Property<String> ATTACHMENTS = Property.text("SMTP.Attachments");

    /** Requests a read receipt, {@code SMTP.ReadReceipt}. */
    public static final Property<Boolean> READ_RECEIPT = Property.flag("SMTP.ReadReceipt");

    /** Requests a delivery receipt, {@code SMTP.DeliveryReceipt}. */
    public static final Property<Boolean> DELIVERY_RECEIPT = Property.flag("SMTP.DeliveryReceipt");

    /** Header Reply-By, {@code SMTP.ReplyBy}. */
    public static final Property<Instant> REPLY_BY = Property.time("SMTP.ReplyBy");

    /** The address that a message gives to a dynamic port, {@code mailto:...}, {@code BTS.OutboundTransportLocation}. */
    public static final Property<String> OUTBOUND_LOCATION = Property.text("BTS.OutboundTransportLocation");

    /** {@code FailedMessage} on the copy of a message that failed, {@code ErrorReport.ErrorType}. */
    public static final Property<String> ERROR_TYPE = Property.text("ErrorReport.ErrorType");

    /** The reason of the failure, {@code ErrorReport.Description}. */
    public static final Property<String> ERROR_DESCRIPTION = Property.text("ErrorReport.Description");

    /** The port of the failure, {@code ErrorReport.SendPortName}. */
    public static final Property<String> ERROR_PORT = Property.text("ErrorReport.SendPortName");

    /** The XML element of the port's transport, {@code ErrorReport.FailureAdapter}. */
    public static final Property<String> ERROR_ADAPTER = Property.text("ErrorReport.FailureAdapter");

    /** The server, {@code ErrorReport.OutboundTransportLocation}. */
    public static final Property<String> ERROR_LOCATION = Property.text("ErrorReport.OutboundTransportLocation");

    /** The id of the message that failed, {@code ErrorReport.FailureMessageID}. */
    public static final Property<String> ERROR_MESSAGE_ID = Property.text("ErrorReport.FailureMessageID");

    /** The host instance, {@code ErrorReport.FailureInstanceID}. */
    public static final Property<String> ERROR_INSTANCE = Property.text("ErrorReport.FailureInstanceID");

    /** The time of the failure, {@code ErrorReport.FailureTime}. */
    public static final Property<Instant> ERROR_TIME = Property.time("ErrorReport.FailureTime");

    /**
     * {@code ACK} when the transport accepted the message for all recipients, {@code NACK} when the message failed; set on the
     * acknowledgment message, {@code BTS.AckType}.
     */
    public static final Property<String> ACK_TYPE = Property.text("BTS.AckType");

    /** The id of the acknowledged message, {@code BTS.AckID}. */
    public static final Property<String> ACK_ID = Property.text("BTS.AckID");

    /** The port that sent the message or failed to send it, {@code BTS.AckSendPortName}. */
    public static final Property<String> ACK_PORT = Property.text("BTS.AckSendPortName");

    /** The reason of the failure, {@code BTS.AckDescription}. */
    public static final Property<String> ACK_DESCRIPTION = Property.text("BTS.AckDescription");

    /** A token of the submitter that the acknowledgment repeats, {@code BTS.CorrelationToken}. */
    public static final Property<String> CORRELATION_TOKEN = Property.text("BTS.CorrelationToken");

    /**
     * The span of the submit, in the form of the field {@code traceparent} (W3C Trace Context); defined by Sendport. A malformed value is
     * dropped.
     */
    public static final Property<String> TRACE_PARENT = Property.text("Trace.Parent");

    private MessageProperties() {}
}
