package io.sendport.host.trace;

import io.opentelemetry.api.common.AttributeKey;

/** The attributes of spans. Their names follow the messaging conventions of OpenTelemetry; names with {@code sendport} extend them. */
final class Attributes {

    static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
    static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    static final AttributeKey<String> MESSAGE_ID = AttributeKey.stringKey("messaging.message.id");
    static final AttributeKey<String> SERVER_ADDRESS = AttributeKey.stringKey("server.address");
    static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");
    static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    static final AttributeKey<String> ATTEMPT = AttributeKey.stringKey("sendport.attempt");
    static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("sendport.outcome");
    static final AttributeKey<Long> REPLY_CODE = AttributeKey.longKey("sendport.reply.code");
    static final AttributeKey<Long> RECIPIENTS = AttributeKey.longKey("sendport.recipients");
    static final AttributeKey<Boolean> DUPLICATE = AttributeKey.booleanKey("sendport.duplicate");

    private Attributes() {}
}
