// The resources of this API, one line each. The example goes with its folder and its line here.
export { livePredictions } from "#app/predictions/live.ts";
