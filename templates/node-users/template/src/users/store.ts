import type { Database } from "#app/database.ts";
import type { User } from "#app/users/schema.ts";

/** All SQL about users and their log-ins. `undefined` stands for one that is not there. */
export function userStore(database: Database) {
  const insert = database.prepare(
    "INSERT INTO users (name, password, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id, name",
  );
  const byName = database.prepare("SELECT id, name, password FROM users WHERE name = ?");
  const byLogin = database.prepare(
    "SELECT id, name FROM logins JOIN users ON id = user_id WHERE token_hash = ? AND expires_at > ?",
  );
  const insertLogin = database.prepare("INSERT INTO logins VALUES (?, ?, ?)");
  const removeLogin = database.prepare("DELETE FROM logins WHERE token_hash = ?");
  const removeExpired = database.prepare("DELETE FROM logins WHERE expires_at <= ?");

  return {
    /** Nothing, where the name is taken. */
    create: (name: string, password: string) =>
      insert.get(name, password, new Date().toISOString()) as User | undefined,
    find: (name: string) => byName.get(name) as (User & { password: string }) | undefined,
    findByLogin: (tokenHash: string) =>
      byLogin.get(tokenHash, new Date().toISOString()) as User | undefined,
    addLogin(tokenHash: string, userId: number, expiresAt: Date): void {
      removeExpired.run(new Date().toISOString());
      insertLogin.run(tokenHash, userId, expiresAt.toISOString());
    },
    removeLogin(tokenHash: string): void {
      removeLogin.run(tokenHash);
    },
  };
}
