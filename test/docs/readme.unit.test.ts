import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const readmes = ['README.md', 'README.zh-CN.md'];
const documents = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

/** Targets of links and pictures inside the repository. */
function linksOf(document: string): string[] {
  const targets = [...read(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^(https?:|mailto:)/.test(target));
}

/** Where a heading can be linked to, the way repository hosts name it. */
function anchorsOf(document: string): string[] {
  return [...read(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

function isBroken(document: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? document : relative(root, resolve(root, dirname(document), path));
  if (!existsSync(join(root, target))) return true;
  return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
}

function namesIn(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))];
}

describe('The documents', () => {
  test.each(documents)('%s links only to what is there', (document) => {
    expect(linksOf(document).filter((link) => isBroken(document, link))).toEqual([]);
  });

  test.each(documents)('%s names only npm scripts and commands that exist', (document) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const commands = namesIn(read('src/cli.ts'), /\.command\('([a-z-]+)/g);

    expect(namesIn(read(document), /npm run ([a-z][a-z:-]*)/g).filter((name) => !(name in scripts))).toEqual([]);
    expect(namesIn(read(document), /npx xubao ([a-z][a-z-]*)/g).filter((name) => !commands.includes(name))).toEqual([]);
  });

  test.each(readmes)('%s has the settings of .env.example with their defaults', (readme) => {
    expect(settingsOfReadme(readme)).toEqual(settingsOfExample());
  });

  test('both READMEs show the same commands', () => {
    const [english, chinese] = readmes.map((readme) => commandsOf(readme));

    expect(chinese).toEqual(english);
  });
});

type Settings = Record<string, string>;

/** Name and default of every row of a table of settings; a dash is no default. */
function settingsOfReadme(readme: string): Settings {
  const rows = [...read(readme).matchAll(/^\| `([A-Z][A-Z_]+)` \| (?:`([^`]*)`|–) \|/gm)];
  return Object.fromEntries(rows.map(([, name = '', preset = '']) => [name, preset]));
}

function settingsOfExample(): Settings {
  const lines = [...read('.env.example').matchAll(/^([A-Z][A-Z_]+)=([^\s#]*)/gm)];
  return Object.fromEntries(lines.map(([, name = '', preset = '']) => [name, preset]));
}

/** The lines of the shell blocks without their comments. */
function commandsOf(readme: string): string[] {
  const blocks = [...read(readme).matchAll(/^```bash\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/(^|\s+)# .*$/, '').trimEnd())
    .filter((line) => line !== '');
}
