import { z } from "zod";

// As in the service's contract; src/upstream/contract.test.ts compares them.

export const Delivery = z
  .strictObject({
    distance_km: z.number().gt(0).max(60),
    parcels: z.int().min(1).max(50),
    hour: z.int().min(0).max(23),
    weather: z.enum(["dry", "rain", "snow"]),
  })
  .meta({ id: "Delivery" });

export const Batch = z
  .strictObject({ rows: z.array(Delivery).min(1).max(1000) })
  .meta({ id: "Batch" });

export const Durations = z
  .object({
    /** The model that predicted. */
    sha256: z.string(),
    /** One for each row, in their order. */
    minutes: z.array(z.number()),
  })
  .meta({ id: "Durations" });

export type Durations = z.output<typeof Durations>;
