-- The system identifier of the PostgreSQL server that the store is used on; NULL until an instance has noted it. A dump that is put back on
-- another server brings the identifier of the old one.
ALTER TABLE store_state ADD COLUMN server_system TEXT;

UPDATE store_state SET schema_version = 16;
