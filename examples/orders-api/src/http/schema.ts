import { z } from "zod";

// Shapes of answers alone, so that clients may import their types from here.

/** One thing that is wrong with a request, for a client to show beside the right field. */
export const Fault = z.object({
  in: z.enum(["path", "query", "body"]),
  field: z.string(),
  detail: z.string(),
});

export const faultsIn = (place: Fault["in"], error: z.ZodError | undefined): Fault[] =>
  (error?.issues ?? []).map(({ path, message }) => ({
    in: place,
    field: path.join("."),
    detail: message,
  }));

/** The body of every error answer (RFC 9457). */
export const ProblemDocument = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    errors: z.array(Fault).optional(),
  })
  .meta({ id: "Problem" });

export const Health = z.object({ status: z.literal("ok") }).meta({ id: "Health" });

export type Fault = z.output<typeof Fault>;
export type ProblemDocument = z.output<typeof ProblemDocument>;
export type Health = z.output<typeof Health>;
