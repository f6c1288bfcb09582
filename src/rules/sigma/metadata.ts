/** What a Sigma rule says of itself, as the metadata of a rule here. */
import { z } from 'zod';
import type { Tree } from './documents.ts';
import { cited, refuse } from './refusal.ts';

const words = z.union([z.string(), z.array(z.union([z.string(), z.boolean(), z.null()]))]).nullish();

/** The keys that tell something; others of the author's own are allowed by the specification, and change nothing. */
const about = z.object({
  title: z.string().min(1),
  id: z.string().max(200).nullish(),
  name: z.string().max(200).nullish(),
  status: z.string().nullish(),
  description: z.string().nullish(),
  author: z.string().nullish(),
  license: z.string().nullish(),
  level: z.enum(['informational', 'low', 'medium', 'high', 'critical']).nullish(),
  tags: z.array(z.string()).nullish(),
  falsepositives: words,
  fields: z.array(z.string()).nullish(),
  taxonomy: z.literal('sigma').nullish(),
});
export type About = z.infer<typeof about>;

/** @throws SigmaRefusal where a key is missing or of the wrong kind */
export const readAbout = (content: Tree): About => {
  const parsed = about.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const path = issue.path.join('.');
  if (path === 'taxonomy')
    return refuse(`is written in the taxonomy ${cited(content['taxonomy'])}, not in Sigma's own`);
  return refuse(content[path] === undefined ? `has no ${path}` : `${path}: ${issue.message}`);
};

/** Logs that a rule may be about: CloudTrail's, or all of AWS's. */
export const requireCloudTrail = (logsource: unknown): void => {
  const { category, product, service } = (logsource ?? {}) as Record<string, unknown>;
  const said = [category, product, service].filter((one) => one !== undefined && one !== null);
  const is = (one: unknown, wanted: string): boolean =>
    one === undefined || one === null || (typeof one === 'string' && one.toLowerCase() === wanted);
  if (said.length === 0) refuse('has no logsource');
  if ((category ?? null) !== null || !is(product, 'aws') || !is(service, 'cloudtrail'))
    refuse(`is for other logs than CloudTrail's: ${cited(said.map((one) => cited(one)).join(', '))}`);
};

/** ATT&CK v19 took T1562 apart; tags carry ids of either version. */
const v19Of: Record<string, string> = {
  T1562: 'T1685',
  'T1562.001': 'T1685',
  'T1562.002': 'T1685.001',
  'T1562.004': 'T1686',
  'T1562.006': 'T1685',
  'T1562.007': 'T1686.001',
  'T1562.008': 'T1685.002',
  'T1562.010': 'T1689',
};
const v18Of: Record<string, string> = {
  T1685: 'T1562.001',
  'T1685.001': 'T1562.002',
  'T1685.002': 'T1562.008',
  T1686: 'T1562.004',
  'T1686.001': 'T1562.007',
  T1689: 'T1562.010',
};

/** v19 also took the tactic defense evasion apart. */
const tacticOf: Record<string, string> = { stealth: 'defense-evasion', 'defense-impairment': 'defense-evasion' };

const clipped = (text: string, most: number): string => {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
};

const severityOf = { informational: 'info', low: 'low', medium: 'medium', high: 'high', critical: 'critical' };

/** What is to be told of a rule that runs: placeholders without values, and fields that CloudTrail does not write. */
export type Notes = { unset: Set<string>; strange: Set<string> };

export const noteOf = ({ unset, strange }: Notes): string =>
  [
    ...(unset.size === 0
      ? []
      : [`No values were given for %${[...unset].join('%, %')}%, so nothing is left out by it.`]),
    ...(strange.size === 0
      ? []
      : [
          `CloudTrail writes no field ${clipped([...strange].join(', '), 300)}: what asks for it finds nothing, unless an export added it.`,
        ]),
  ].join(' ');

export type Origin = { file: string; note: string };

/**
 * The leading comment lines of a rule.
 * @param tactics names that a category may have
 */
export const headOf = (rule: About, { file, note }: Origin, tactics: readonly string[]): string => {
  const tags = (rule.tags ?? []).map((tag) => tag.toLowerCase()).filter((tag) => tag.startsWith('attack.'));
  const names = tags.map((tag) => tag.slice('attack.'.length).replaceAll('_', '-'));
  const techniques = names.filter((name) => /^t\d{4}(\.\d{3})?$/.test(name)).map((name) => name.toUpperCase());
  const listOf = (map: Record<string, string>): string[] => [...new Set(techniques.map((id) => map[id] ?? id))];
  const category = names.map((name) => tacticOf[name] ?? name).find((name) => tactics.includes(name));
  const said = [rule.falsepositives ?? []].flat().filter((one) => typeof one === 'string');
  const falsePositives = clipped(said.map((one) => one.trim().replace(/\.$/, '')).join('; '), 600);
  const misses = [
    'Its author does not say.',
    ...(falsePositives === '' ? [] : [`False positives, in the author's words: ${falsePositives}.`]),
    ...(note === '' ? [] : [note]),
  ].join(' ');
  const description = clipped(rule.description ?? '', 800);
  const sigma = {
    file,
    ...(rule.id ? { id: clipped(rule.id, 200) } : {}),
    ...(rule.author ? { author: clipped(rule.author, 200) } : {}),
    ...(rule.status ? { status: clipped(rule.status, 50) } : {}),
    ...(rule.license ? { license: clipped(rule.license, 100) } : {}),
  };
  const title = clipped(rule.title, 100);
  const lines = {
    title: title.length < 5 ? `Sigma: ${title}` : title,
    severity: severityOf[rule.level ?? 'medium'],
    category: category ?? 'unclassified',
    attack: { v18: listOf(v18Of), v19: listOf(v19Of) },
    covers: [],
    why: description.length < 10 ? `A Sigma rule found it: ${title}.` : description,
    misses,
    sigma,
  };
  return Object.entries(lines)
    .map(([key, value]) => `-- ${key}: ${JSON.stringify(value)}`)
    .join('\n');
};
