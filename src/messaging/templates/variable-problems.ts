import { variablesIn, type Variables } from '../liquid.ts';

type Analysis = ReturnType<typeof variablesIn>;
type Found = Analysis['variables'][string][number];

/** What the tag `for` brings along in a loop. */
const loopFields = ['index', 'first', 'last', 'length'];

/**
 * What is wrong with the syntax and the variables of a source, each with line and column: bad Liquid, a tag or filter that
 * is not allowed, a variable or field that nothing fills in. `sample` has every variable, with at least one item in lists.
 */
export function findVariableProblems(source: string, sample: Variables): string[] {
  try {
    const { variables, globals } = variablesIn(source);
    return Object.values(variables)
      .flat()
      .filter((found) => !isKnown(found, globals, sample))
      .map((found) => `unknown variable: ${found.toString()}, line:${found.location.row}, col:${found.location.col}`);
  } catch (error) {
    return [error instanceof Error ? error.message : 'Cannot be read'];
  }
}

function isKnown(found: Found, globals: Analysis['globals'], sample: Variables): boolean {
  const [root, ...fields] = found.segments;
  if (typeof root !== 'string' || !fields.every((field) => typeof field === 'string')) return false;
  const isGlobal = globals[root]?.some(({ location }) => isSamePlace(location, found.location)) ?? false;
  if (isGlobal) return hasField(sample, [root, ...fields]);
  if (root === 'forloop') return fields.length === 1 && loopFields.includes(fields[0] ?? '');
  return lists(sample).some((list) => hasField(list[0], fields));
}

function isSamePlace(one: Found['location'], other: Found['location']): boolean {
  return one.row === other.row && one.col === other.col;
}

function hasField(value: unknown, [field, ...rest]: readonly string[]): boolean {
  if (field === undefined) return true;
  if (Array.isArray(value)) return field === 'size' && rest.length === 0;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return false;
  return hasField((value as Record<string, unknown>)[field], rest);
}

function lists(sample: Variables): unknown[][] {
  return Object.values(sample).filter((value): value is unknown[] => Array.isArray(value));
}
