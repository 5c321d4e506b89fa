-- Applications read outcomes in the database on PostgreSQL only: here nothing changes but the number.
UPDATE store_state SET schema_version = 10;
