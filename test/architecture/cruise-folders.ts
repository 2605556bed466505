import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

export const ourFolders = ['src', 'workflows', 'activities', 'test', 'bench'];

export async function cruiseFolders(baseDir: string, folders: string[], exclude?: string): Promise<ICruiseResult> {
  const options = await extractDepcruiseOptions('./.dependency-cruiser.mjs');
  const tsConfig = extractTSConfig('./tsconfig.json');
  const { output } = await cruise(
    folders,
    { ...options, baseDir, ...(exclude !== undefined && { exclude: { path: exclude } }), validate: true },
    undefined,
    { tsConfig },
  );
  if (typeof output === 'string') throw new Error(`dependency-cruiser answered text: ${output}`);
  return output;
}

export function violationsOf(result: ICruiseResult): string[] {
  return result.summary.violations.map((violation) => `${violation.rule.name}: ${violation.from} → ${violation.to}`);
}
