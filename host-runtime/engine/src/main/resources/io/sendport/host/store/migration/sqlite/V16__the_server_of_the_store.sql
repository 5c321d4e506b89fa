-- Used on PostgreSQL only: the system identifier of its server.
ALTER TABLE store_state ADD COLUMN server_system TEXT;

UPDATE store_state SET schema_version = 16;
