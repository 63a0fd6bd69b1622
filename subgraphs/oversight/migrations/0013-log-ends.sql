-- The leaf before the cursor, by which it is seen that a log has lost what was read of it. Null until something comes.
alter table log_cursor add column last_at timestamptz;
alter table log_cursor add column last_hash bytea;
