/**
 * The tables of the users, as one script for the list of migrations.
 *
 * Other processes (an import, a support script) may write `users` with plain
 * SQL: triggers keep the search index, grow `version`, and note rows whose
 * folded keys have to be made again in `users_to_fold`. Use `INSERT … ON
 * CONFLICT DO UPDATE`, not `INSERT OR REPLACE`, which restarts the version.
 *
 * Times are milliseconds since 1970; `last_sign_in_time` 0 means never.
 * `roles` and `address_lines` are JSON lists of strings, `status` the number
 * of `user.v1.UserStatus`. The `…_key` columns are folded (see `fold.ts`).
 */
export const usersSchema = `
CREATE TABLE users (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  status INTEGER NOT NULL DEFAULT 1 CHECK (status BETWEEN 1 AND 4),
  roles TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(roles)),
  locale TEXT NOT NULL DEFAULT '',
  create_time INTEGER NOT NULL DEFAULT (unixepoch() * 1000),
  update_time INTEGER NOT NULL DEFAULT (unixepoch() * 1000),
  last_sign_in_time INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  phone_number TEXT NOT NULL DEFAULT '',
  address_lines TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(address_lines)),
  id_key TEXT NOT NULL DEFAULT '',
  name_key TEXT NOT NULL DEFAULT '',
  email_key TEXT NOT NULL DEFAULT '',
  search_key TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX users_by_id_key ON users (id_key, id);
CREATE INDEX users_by_name ON users (name_key, id);
CREATE INDEX users_by_email ON users (email_key, id);
CREATE INDEX users_by_create_time ON users (create_time, id);
CREATE INDEX users_by_last_sign_in ON users (last_sign_in_time, id);

CREATE TABLE user_words (
  word TEXT NOT NULL,
  name_key TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (word, name_key, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE users_to_fold (seq INTEGER PRIMARY KEY) STRICT;

CREATE TABLE users_settings (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;
CREATE VIRTUAL TABLE user_search USING fts5 (
  search_key, content = 'users', content_rowid = 'seq', tokenize = 'trigram case_sensitive 1'
);

CREATE TRIGGER users_inserted AFTER INSERT ON users BEGIN
  INSERT INTO user_search (rowid, search_key) VALUES (NEW.seq, NEW.search_key);
END;
CREATE TRIGGER users_deleted AFTER DELETE ON users BEGIN
  INSERT INTO user_search (user_search, rowid, search_key) VALUES ('delete', OLD.seq, OLD.search_key);
END;
CREATE TRIGGER users_search_key_changed AFTER UPDATE OF seq, search_key ON users BEGIN
  INSERT INTO user_search (user_search, rowid, search_key) VALUES ('delete', OLD.seq, OLD.search_key);
  INSERT INTO user_search (rowid, search_key) VALUES (NEW.seq, NEW.search_key);
END;

CREATE TRIGGER users_inserted_unfolded AFTER INSERT ON users WHEN NEW.search_key = '' BEGIN
  INSERT OR IGNORE INTO users_to_fold (seq) VALUES (NEW.seq);
END;
CREATE TRIGGER users_updated_unfolded AFTER UPDATE OF id, name, email ON users
WHEN NEW.search_key = OLD.search_key
  AND (NEW.id <> OLD.id OR NEW.name <> OLD.name OR NEW.email <> OLD.email) BEGIN
  INSERT OR IGNORE INTO users_to_fold (seq) VALUES (NEW.seq);
END;

CREATE TRIGGER users_version_grows AFTER UPDATE OF
  id, name, email, status, roles, locale, create_time, last_sign_in_time, phone_number, address_lines ON users
WHEN NEW.version <= OLD.version BEGIN
  UPDATE users SET version = OLD.version + 1, update_time = unixepoch() * 1000 WHERE seq = NEW.seq;
END;

INSERT INTO users_settings (name, value) VALUES ('page_token_key', randomblob(32));
`;

/**
 * The words of users who were deleted, or numbered anew, are noted to be
 * forgotten: their number may become that of somebody else. Those of earlier
 * deletions go at once.
 */
export const deletedUsersSchema = `
DELETE FROM user_words WHERE NOT EXISTS (
  SELECT 1 FROM users u WHERE u.seq = user_words.seq AND u.name_key = user_words.name_key
);

CREATE TABLE users_to_forget (
  seq INTEGER NOT NULL,
  name_key TEXT NOT NULL,
  PRIMARY KEY (seq, name_key)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER users_deleted_words AFTER DELETE ON users BEGIN
  INSERT OR IGNORE INTO users_to_forget (seq, name_key) VALUES (OLD.seq, OLD.name_key);
END;
-- Whoever comes back with all keys has no words any more.
CREATE TRIGGER users_inserted_with_keys AFTER INSERT ON users WHEN NEW.search_key <> '' BEGIN
  INSERT OR IGNORE INTO users_to_fold (seq) VALUES (NEW.seq);
END;
CREATE TRIGGER users_numbered_anew AFTER UPDATE OF seq ON users WHEN NEW.seq <> OLD.seq BEGIN
  INSERT OR IGNORE INTO users_to_forget (seq, name_key) VALUES (OLD.seq, OLD.name_key);
  INSERT OR IGNORE INTO users_to_fold (seq) VALUES (NEW.seq);
END;
`;

/** Whoever writes the folded name by hand gets other words, and no longer has the old ones. */
export const renamedUsersSchema = `
CREATE TRIGGER users_name_key_changed AFTER UPDATE OF name_key ON users
WHEN NEW.name_key <> OLD.name_key BEGIN
  INSERT OR IGNORE INTO users_to_forget (seq, name_key) VALUES (OLD.seq, OLD.name_key);
  INSERT OR IGNORE INTO users_to_fold (seq) VALUES (NEW.seq);
END;
`;
