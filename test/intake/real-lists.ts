import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../../shared/data/', import.meta.url);

/** The path of a file of real input beside the checkout; undefined when it is not there, which CI does not accept. */
export function sharedData(name: string): string | undefined {
  const path = fileURLToPath(new URL(name, folder));
  if (existsSync(path)) return path;
  if (process.env['CI']) throw new Error(`${name} is missing: put the real input into ${fileURLToPath(folder)}`);
  process.stderr.write(`${name} is missing in ${fileURLToPath(folder)}: tests on real input are skipped\n`);
  return undefined;
}
