/** The parts of an OpenAPI document that the rules look at. */
export type Schema = {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  example?: unknown;
};

type Content = Record<string, { schema?: Schema; example?: unknown }>;

type Parameter = { name: string; in: string; required?: boolean; schema: Schema; example?: unknown };

type Operation = {
  operationId: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: object[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content; headers?: object }>;
};

export type OpenApi = {
  openapi: string;
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: object };
};

export type Placed = { place: string; method: string; path: string; operation: Operation };

export async function readDocument(url: string): Promise<OpenApi> {
  return (await (await fetch(`${url}/openapi.json`)).json()) as OpenApi;
}

export function operationsOf({ paths }: OpenApi): Placed[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      place: `${method.toUpperCase()} ${path}`,
      method,
      path,
      operation,
    })),
  );
}

/** Every value inside a document with the way to it. */
export function* walk(value: unknown, place = ''): Generator<{ place: string; value: unknown }> {
  yield { place, value };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* walk(inner, `${place}/${key}`);
}
