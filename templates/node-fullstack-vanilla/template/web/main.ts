import { showHealth } from "./health.ts";

showHealth();
