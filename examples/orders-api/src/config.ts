import { z } from "zod";
import { StartError } from "#app/start-error.ts";

/** An origin as browsers send it: scheme, host and port, nothing behind. */
const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;

/** A whole number from 0 to `max`, which environment variables spell out. */
const wholeNumber = (max: number) =>
  z
    .string()
    .transform(Number)
    .refine((number) => Number.isInteger(number) && number >= 0 && number <= max, {
      error: `expected a whole number from 0 to ${max}`,
    });

const Environment = z.object({
  HOST: z.string().default("127.0.0.1"),
  /** 0 lets the system pick a free port; the log says which. */
  PORT: wholeNumber(65_535).default(3000),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  /** A file, or :memory: for a database that ends with the process. */
  DATABASE_PATH: z.string().default("data/service.db"),
  /** Web origins that may call this service from a browser, separated by commas. */
  CORS_ORIGINS: z
    .string()
    .transform((text) => text.split(",").map((origin) => origin.trim()))
    .refine((origins) => origins.every(isOrigin), {
      error: "expected origins such as https://app.example.com, separated by commas",
    })
    .default([]),
  /** How many proxies in front are ours; their X-Forwarded-* headers are believed. */
  TRUST_PROXY: wholeNumber(10).default(0),
});

export type Config = z.output<typeof Environment>;

/** Reads all settings, or throws one StartError that names every bad variable. */
export function loadConfig(environment: Record<string, string | undefined>): Config {
  // `PORT=` in a compose file means "not set", not the number 0.
  const given = Object.entries(environment).filter(([, value]) => value !== "");
  const result = Environment.safeParse(Object.fromEntries(given));
  if (result.success) return result.data;
  // The values stay out of the message: one day one of them is a password.
  const lines = result.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new StartError(["These environment variables are not valid:", ...lines].join("\n"));
}
