import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

/** What the OWASP Password Storage Cheat Sheet asks of scrypt, in the form that takes 16 MiB. */
const COST = { N: 2 ** 14, r: 8, p: 5 };
const BYTES = 32;

const written = (salt: Buffer, hash: Buffer) =>
  ["scrypt", COST.N, COST.r, COST.p, salt.toString("hex"), hash.toString("hex")].join("$");

/** What to keep of a password: scrypt$N$r$p$salt$hash. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return written(salt, await derive(password, salt, COST));
}

/** No password has this hash. */
const NOBODY = written(Buffer.alloc(16), Buffer.alloc(BYTES));

/** Takes as long where nothing is kept: the time must not tell which names there are. */
export async function isPassword(password: string, kept = NOBODY): Promise<boolean> {
  const [, N, r, p, salt = "", hash = ""] = kept.split("$");
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const derived = await derive(password, Buffer.from(salt, "hex"), cost);
  return timingSafeEqual(derived, Buffer.from(hash, "hex"));
}

function derive(password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // Keyboards write the same letter in several ways.
    scrypt(password.normalize("NFC"), salt, BYTES, cost, (error, hash) => {
      if (error) reject(error);
      else resolve(hash);
    });
  });
}
