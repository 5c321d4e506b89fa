-- For lists and counts of what needs somebody. What is delivered at its first attempt never stands in them, so that they cost it nothing.
CREATE INDEX message_trouble ON message (state, seq) WHERE state IN ('RETRYING', 'SUSPENDED', 'IN_DOUBT');
CREATE INDEX message_error ON message (port, seq) WHERE ended_at IS NULL AND last_error IS NOT NULL;
