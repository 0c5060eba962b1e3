import type { Health } from "#app/http/schema.ts";
import { api } from "./api.ts";
import { find } from "./dom.ts";

/** Shows whether the service is ready. */
export async function showHealth(): Promise<void> {
  const output = find("#health", HTMLOutputElement);
  try {
    const { status } = await api<Health>("/health/ready");
    output.textContent = status;
  } catch (error) {
    output.textContent = (error as Error).message;
  }
}
