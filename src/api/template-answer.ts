import type { Db } from '../db/connection.ts';
import type { TemplateContent } from '../db/schema/templates.ts';
import {
  hashOfContent,
  readTemplateRow,
  readTextInForce,
  type TemplateId,
  type TemplateRow,
} from '../db/templates/template-rows.ts';
import { findTemplateProblems, findTemplateWarnings, variablesFor } from '../messaging/templates/check-template.ts';
import { shippedText } from '../messaging/templates/shipped.ts';
import { isStaffTemplate, type AnyTemplateKey, type TemplateLanguage } from '../messaging/templates/template.ts';
import { readSetting } from '../db/settings-records.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { notFound } from './doors/problem.ts';

/** What the routes of texts need. */
export type TemplateParts = { db: Db; calendar: Calendar };
export type TextName = { key: AnyTemplateKey; language: TemplateLanguage };

/** The parts of a version's id, which its schema has checked. */
export function readTemplateId(id: string): TextName & { version: number } {
  const [key, language, version] = id.split('.');
  return { key, language, version: Number(version) } as TextName & { version: number };
}

type Version = Omit<TemplateRow, 'id' | 'createdBy' | 'createdAt' | 'basedOn'> & {
  createdBy: string | null;
  createdAt: Date | null;
};

const nobody = {
  createdBy: null,
  createdAt: null,
  approvedBy: null,
  approvedAt: null,
  retiredBy: null,
  retiredAt: null,
};

/** The version that ships, as if it had been written and approved. */
export function shippedVersion(name: TextName): Version {
  const shipped = shippedText(name.key, name.language);
  if (!shipped) throw notFound('template');
  return { ...name, ...shipped, state: 'approved', note: null, ...nobody };
}

/** One version; a 404 when there is none. */
export async function readVersion(db: Db, id: TextName & TemplateId): Promise<Version> {
  const row = id.version === 0 ? shippedVersion(id) : await readTemplateRow(db, id);
  if (!row) throw notFound('template');
  return row;
}

/** What every answer says of a version; `inForce` is the number of the one that messages are written by. */
export function versionAnswer(row: Version, inForce: number) {
  const { key, language, version, state, note, createdBy, createdAt } = row;
  const { approvedBy, approvedAt, retiredBy, retiredAt } = row;
  const id = `${key}.${language}.${version}`;
  const contentHash = hashOfContent(row.content);
  const people = { createdBy, createdAt, approvedBy, approvedAt, retiredBy, retiredAt };
  return { id, key, language, version, state, inForce: version === inForce, contentHash, note, ...people };
}

/** A version with what it says, what stands in its way and how it differs from the one in force. */
export async function readTemplateAnswer(db: Db, id: TextName & TemplateId) {
  const row = await readVersion(db, id);
  const current = (await readTextInForce(db, id)) ?? { version: 0, content: shippedVersion(id).content };
  const text = { key: id.key, language: id.language, content: row.content };
  const problems = row.state === 'draft' ? findTemplateProblems(text) : [];
  const isSound = problems.length === 0 && row.state !== 'retired';
  return {
    ...versionAnswer(row, current.version),
    content: row.content,
    variables: variablesFor(id.key, id.language),
    problems,
    warnings: isSound ? [...findTemplateWarnings(text), ...(await warnOfCodes(db, row))] : [],
    comparedWith: current.version,
    differences: differencesOf(current.content, row.content),
  };
}

const takesFreeText = ['twilio'];

/** A provider that takes no free text leaves out a version for which it has given no code. */
async function warnOfCodes(db: Db, { key, version, content }: Version) {
  if (version === 0 || isStaffTemplate(key)) return [];
  const { default: preset, countries } = (await readSetting(db, 'sms-providers')).content;
  const used = new Set([preset, ...countries.map(({ order }) => order)].flat());
  const codeless = [...used].filter((name) => !takesFreeText.includes(name) && !content.providerTemplates?.[name]);
  return codeless.map((name) => ({
    path: `providerTemplates.${name}`,
    message: `${name} takes no free text and will not send this version without a code`,
  }));
}

function differencesOf(before: TemplateContent, after: TemplateContent) {
  const paths = ['sms', 'subject', 'email'] as const;
  const changed = paths.filter((path) => before[path] !== after[path]);
  const texts = changed.map((path) => ({ path, before: before[path], after: after[path] }));
  const [was, is] = [before.providerTemplates ?? {}, after.providerTemplates ?? {}];
  const providers = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => was[name] !== is[name]);
  const codes = providers.map((name) => ({
    path: `providerTemplates.${name}`,
    before: was[name] ?? null,
    after: is[name] ?? null,
  }));
  return [...texts, ...codes];
}
