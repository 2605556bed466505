import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A change of the sources: the first text, which must be there once, becomes the second. */
export type Edit = { file: string; from: string; to: string };

/** A copy of the sources with changes: another release of the same product. */
export type Build = { folder: string; workflowsPath: string; worker: string; remove: () => void };

const root = fileURLToPath(new URL('../..', import.meta.url));

const product = ['src', 'workflows', 'activities', 'package.json'];

/** With `others`, further parts of the project are there too. */
export function aBuild(edits: readonly Edit[], others: readonly string[] = []): Build {
  const folder = mkdtempSync(join(tmpdir(), 'xubao-test-build-'));
  for (const part of [...product, ...others]) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    for (const edit of edits) apply(folder, edit);
  } catch (error) {
    remove();
    throw error;
  }
  return {
    folder,
    workflowsPath: join(folder, 'workflows/index.ts'),
    worker: join(folder, 'src/main-worker.ts'),
    remove,
  };
}

function apply(folder: string, { file, from, to }: Edit): void {
  const path = join(folder, file);
  const [before, after, ...more] = readFileSync(path, 'utf8').split(from);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${file} does not hold this text exactly once, so that it cannot be changed: ${from}`);
  }
  writeFileSync(path, before + to + after);
}
