-- Alerts about conditions. A condition without a row is quiet.
CREATE TABLE alert (
  kind      TEXT    NOT NULL,
  subject   TEXT    NOT NULL,              -- one port where the condition concerns several
  state     TEXT    NOT NULL,              -- PENDING, ALERTED or RECOVERING
  since     INTEGER NOT NULL,              -- of the state
  announced_at   INTEGER,                       -- when the last message about it was made
  note      TEXT    NOT NULL,              -- JSON: the condition as it was seen then
  PRIMARY KEY (kind, subject)
) WITHOUT ROWID;

-- Messages that not every channel has taken yet.
CREATE TABLE alert_message (
  id        TEXT    PRIMARY KEY,
  type      TEXT    NOT NULL,              -- FIRING, RECOVERED or REMINDER
  at        INTEGER NOT NULL,
  notes     TEXT    NOT NULL               -- JSON: the conditions
) WITHOUT ROWID;

-- The channels that have not taken a message yet.
CREATE TABLE alert_delivery (
  message   TEXT    NOT NULL,
  channel   TEXT    NOT NULL,
  PRIMARY KEY (message, channel)
) WITHOUT ROWID;

-- Channels that fail.
CREATE TABLE alert_channel (
  name      TEXT    PRIMARY KEY,
  since     INTEGER NOT NULL,
  tries     INTEGER NOT NULL,
  next_at   INTEGER NOT NULL,
  error     TEXT    NOT NULL
) WITHOUT ROWID;

-- The process that speaks: one at a time.
CREATE TABLE alert_speaker (
  id        INTEGER PRIMARY KEY CHECK (id = 1),
  owner     TEXT    NOT NULL,
  until     INTEGER NOT NULL
);
INSERT INTO alert_speaker (id, owner, until) VALUES (1, '', 0);

-- An earlier program neither reads nor writes these, and may go on beside them. Only its day report fails on a day with a record of the new kind ALERTED.
UPDATE store_state SET schema_version = 11;
