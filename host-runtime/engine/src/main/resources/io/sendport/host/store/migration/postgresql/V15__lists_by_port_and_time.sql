-- Lists in a large message box: of the messages of a port that have ended (message_order has the others), by time, and of those that ended
-- without a delivery.
CREATE INDEX message_history ON message (port, seq) WHERE ended_at IS NOT NULL;
CREATE INDEX message_time ON message (submitted_at, seq);
CREATE INDEX message_undelivered ON message (state, seq) WHERE state IN ('CONSUMED', 'TERMINATED');

UPDATE store_state SET schema_version = 15;
