-- Zeros ahead of the body, in the row and in each of its chunks: SQLite leaves copies of the beginning of rows that it moves, and deleting
-- the row does not overwrite those.
ALTER TABLE part ADD COLUMN lead BIGINT NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN lead BIGINT NOT NULL DEFAULT 0;

-- The key that encrypts the body in the row and in each of its chunks; none: clear text.
ALTER TABLE part ADD COLUMN key_id TEXT COLLATE "C";
ALTER TABLE delivery ADD COLUMN key_id TEXT COLLATE "C";

-- Copies of rows that were moved before this version are still there.
UPDATE store_state SET schema_version = 4, min_program = 4, overwrites = 0;
