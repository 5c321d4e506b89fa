-- Why a started port sends nothing: a word of the program, when it goes on (milliseconds; none: when a person acts), and the rest for people.
ALTER TABLE port_state ADD COLUMN pause_kind  TEXT;
ALTER TABLE port_state ADD COLUMN pause_until INTEGER;
ALTER TABLE port_state ADD COLUMN pause_text  TEXT;

-- It was one sentence before, which each host writes anew when it starts.
ALTER TABLE port_state DROP COLUMN waits_for;

UPDATE store_state SET schema_version = 5, min_program = 5;
