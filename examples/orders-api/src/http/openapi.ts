import { z } from "zod";
import { type Route, successStatus } from "#app/http/route.ts";
import { ProblemDocument } from "#app/http/schema.ts";
import project from "../../package.json" with { type: "json" };

/** The OpenAPI 3.1 document of these routes. Schemas with a `meta` id become shared components. */
export function openapiDocument(routes: Route[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  const { name, description, version } = project;
  return {
    openapi: "3.1.0",
    info: { title: name, description, version },
    paths,
    components: { schemas: components() },
  };
}

function operation(route: Route) {
  const { operationId, summary, params, query, body, response } = route;
  return {
    operationId,
    summary,
    parameters: [...parameters("path", params), ...parameters("query", query)],
    ...(body && { requestBody: { required: true, content: json(body) } }),
    responses: {
      [successStatus(route)]: { description: "Done", ...(response && { content: json(response) }) },
      default: {
        description: "Not done; the body says why",
        content: { "application/problem+json": { schema: reference(ProblemDocument) } },
      },
    },
  };
}

function parameters(place: "path" | "query", fields: z.ZodObject | undefined) {
  if (!fields) return [];
  const { properties = {}, required = [] } = jsonSchema(fields);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema,
  }));
}

const json = (schema: z.ZodType) => ({ "application/json": { schema: reference(schema) } });

const componentPath = (id: string) => `#/components/schemas/${id}`;

function reference(schema: z.ZodType) {
  const id = schema.meta()?.id;
  return id ? { $ref: componentPath(id) } : jsonSchema(schema);
}

function jsonSchema(schema: z.ZodType) {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
}

function components() {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { uri: componentPath, io: "input" });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]),
  );
}
