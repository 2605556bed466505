import { Liquid, type StaticAnalysis, type Template } from 'liquidjs';

/** What an author may write besides `{{ variable }}`: choices and lists, no files, no loops over numbers, no state. */
const allowedTags = ['if', 'unless', 'case', 'for'];
/** None that would let a value past the escaping. */
const allowedFilters = ['default', 'size', 'upcase', 'downcase'];

const limits = {
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  jsTruthy: true,
  parseLimit: 100_000,
  renderLimit: 1_000,
  memoryLimit: 1_000_000,
} as const;

/** By its source, because a version of a template never changes; old ones fall out. */
type Reader = { engine: Liquid; compiled: Map<string, Template[]> };
const mostCompiled = 500;
const plain = aReader(new Liquid(limits));
const escaping = aReader(new Liquid({ ...limits, outputEscape: 'escape' }));

export type Variables = Readonly<Record<string, unknown>>;

/** Fills in plain text. Throws LiquidJS's errors, which name line and column: bad syntax, a variable that is not there. */
export function fillIn(source: string, variables: Variables): string {
  return fill(plain, source, variables);
}

/** Fills in HTML: what stands in the variables is escaped, and nothing in them is read as a template. Throws as `fillIn`. */
export function fillInHtml(source: string, variables: Variables): string {
  return fill(escaping, source, variables);
}

/** The variables of a source with where they stand; those of its own loops are not among the `globals`. Throws for bad syntax. */
export function variablesIn(source: string): StaticAnalysis {
  return plain.engine.analyzeSync(parsed(plain, source), { partials: false });
}

function fill(reader: Reader, source: string, variables: Variables): string {
  return String(reader.engine.renderSync(parsed(reader, source), variables));
}

function parsed({ engine, compiled }: Reader, source: string): Template[] {
  const known = compiled.get(source);
  if (known) return known;
  const templates = engine.parse(source);
  if (compiled.size >= mostCompiled) compiled.delete(compiled.keys().next().value ?? '');
  compiled.set(source, templates);
  return templates;
}

function aReader(engine: Liquid): Reader {
  for (const tag of Object.keys(engine.tags)) if (!allowedTags.includes(tag)) Reflect.deleteProperty(engine.tags, tag);
  for (const filter of Object.keys(engine.filters))
    if (!allowedFilters.includes(filter)) Reflect.deleteProperty(engine.filters, filter);
  return { engine, compiled: new Map() };
}
