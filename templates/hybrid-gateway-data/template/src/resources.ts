// The resources of this API, one line each. The example goes with its folder and its line here.
export { predictions } from "#app/predictions/routes.ts";
