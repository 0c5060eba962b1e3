import { showHealth } from "./health.ts";
import { showItems } from "./items.ts";

showHealth();
showItems();
