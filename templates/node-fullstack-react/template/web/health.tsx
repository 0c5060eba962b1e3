import { useEffect, useState } from "react";
import type { Health as Answer } from "#app/http/schema.ts";
import { api } from "./api.ts";

/** Whether the service is ready. */
export function Health() {
  const [status, setStatus] = useState("asking …");
  useEffect(() => {
    api<Answer>("/health/ready").then(
      (answer) => setStatus(answer.status),
      (error: Error) => setStatus(error.message),
    );
  }, []);
  return <output id="health">{status}</output>;
}
