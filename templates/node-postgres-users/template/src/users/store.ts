import type { Database } from "#app/database.ts";
import type { User } from "#app/users/schema.ts";

/** All SQL about users and their log-ins. `undefined` stands for one that is not there. */
export function userStore({ query }: Database) {
  return {
    /** Nothing, where the name is taken. */
    async create(name: string, password: string): Promise<User | undefined> {
      const insert =
        "INSERT INTO users (name, password) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id, name";
      return (await query<User>(insert, [name, password]))[0];
    },
    async find(name: string): Promise<(User & { password: string }) | undefined> {
      const select = "SELECT id, name, password FROM users WHERE name = $1";
      return (await query<User & { password: string }>(select, [name]))[0];
    },
    async findByLogin(tokenHash: string): Promise<User | undefined> {
      const select =
        "SELECT id, name FROM logins JOIN users ON id = user_id WHERE token_hash = $1 AND expires_at > $2";
      return (await query<User>(select, [tokenHash, new Date()]))[0];
    },
    async addLogin(tokenHash: string, userId: number, expiresAt: Date): Promise<void> {
      await query("DELETE FROM logins WHERE expires_at <= $1", [new Date()]);
      await query("INSERT INTO logins VALUES ($1, $2, $3)", [tokenHash, userId, expiresAt]);
    },
    async removeLogin(tokenHash: string): Promise<void> {
      await query("DELETE FROM logins WHERE token_hash = $1", [tokenHash]);
    },
  };
}
