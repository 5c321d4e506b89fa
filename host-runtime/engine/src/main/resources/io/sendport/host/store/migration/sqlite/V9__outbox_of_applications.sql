-- Applications submit in transactions of their own on PostgreSQL only: here nothing changes but the number.
UPDATE store_state SET schema_version = 9;
