// The resources of this API, one line each, such as
// export { orders } from "#app/orders/routes.ts";
