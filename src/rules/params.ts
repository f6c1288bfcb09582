/** Parameters of rules, as the analyst gives them: they stand in place of the defaults that the rule's file names. */
import { closest } from 'fastest-levenshtein';
import { TrailscopeError } from '../errors.ts';
import type { Packs } from './packs.ts';
import type { Rule } from './rule.ts';

type Param = Rule['params'][string];

const refused = (given: string, why: string): TrailscopeError =>
  new TrailscopeError(
    `--param ${given}: ${why} Give rule.name=value, as recon/denials-burst.minutes=60; trailscope rules show RULE lists the parameters of a rule.`,
  );

/** A rule by its id, or by its name where only one has it. */
const ruleOf = (given: string, name: string, rules: readonly Rule[]): Rule => {
  const meant = rules.filter(({ id }) => id === name || id.split('/')[1] === name);
  if (meant.length === 1) return meant[0]!;
  const ids = rules.map(({ id }) => id);
  throw refused(
    given,
    meant.length > 1
      ? `${meant.map(({ id }) => id).join(' and ')} both have that name.`
      : `there is no rule ${name}, but ${closest(name, name.includes('/') ? ids : ids.map((id) => id.split('/')[1]!))}.`,
  );
};

const valueOf = (given: string, { type }: Param, text: string): string | number => {
  if (type === 'text') return text;
  const value = Number(text);
  const fits = text.trim() !== '' && (type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value));
  if (!fits) throw refused(given, `its value must be ${type === 'integer' ? 'a whole number' : 'a number'}.`);
  return value;
};

/**
 * The packs, with the values given in place of defaults.
 * @param given each rule.name=value
 * @throws TrailscopeError where there is no such rule or parameter, or the value is of another kind
 */
export const withParams = (packs: Packs, given: readonly string[] = []): Packs => {
  const rules = new Map(packs.rules.map((rule) => [rule.id, rule]));
  for (const one of given) {
    const [, name, param, text] = /^([^=]+)\.([^.=]+)=(.*)$/s.exec(one) ?? [];
    if (name === undefined || param === undefined || text === undefined) throw refused(one, 'it is not of that form.');
    const rule = ruleOf(one, name, [...rules.values()]);
    const known = rule.params[param];
    if (known === undefined) {
      const has = Object.keys(rule.params);
      throw refused(one, `${rule.id} has ${has.length === 0 ? 'no parameters' : `the parameters ${has.join(', ')}`}.`);
    }
    const value = { ...known, default: valueOf(one, known, text) } as Param; // The value is of the type that the parameter names.
    rules.set(rule.id, { ...rule, params: { ...rule.params, [param]: value } });
  }
  return { ...packs, rules: [...rules.values()] };
};
