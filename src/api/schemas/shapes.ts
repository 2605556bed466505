/** Which values of the deciding field make this shape, which fields it needs or may not have, and which are written differently in it. */
export type Shape = {
  when: readonly string[];
  needs?: readonly string[];
  without?: readonly string[];
  instead?: Record<string, object>;
};

type ObjectSchema = { properties?: Record<string, object>; required?: string[] };

/**
 * Writes a body in the document as one closed object per shape, so that whoever follows the document sends what is accepted.
 * The check itself names the field that does not fit, which a union of schemas cannot.
 */
export function inShapes(field: string, shapes: readonly Shape[]) {
  return ({ jsonSchema }: { jsonSchema: object }): void => {
    const { properties = {}, required = [] } = jsonSchema as ObjectSchema;
    const oneOf = shapes.map(({ when, needs = [], without = [], instead = {} }) => {
      const fits = Object.entries(properties).filter(([name]) => !without.includes(name));
      // The schemas themselves, no copies: they are filled in after this.
      const fields = fits.map(([name, schema]) => [name, instead[name] ?? schema]);
      return {
        type: 'object',
        properties: { ...Object.fromEntries(fields), [field]: { type: 'string', enum: [...when] } },
        required: [...new Set([...required, ...needs])],
        additionalProperties: false,
      };
    });
    for (const name of ['type', 'properties', 'required', 'additionalProperties'])
      Reflect.deleteProperty(jsonSchema, name);
    Object.assign(jsonSchema, { oneOf });
  };
}
