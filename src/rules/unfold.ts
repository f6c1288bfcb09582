/** Fills the tables that several rules read and nothing else does: once a run, and only where one of its rules asks. */
import { type Database, queryText } from '../database.ts';
import type { Rule } from './rule.ts';

/** SQL knows a table by its name in any case. */
const unfolded = [
  {
    step: 'steps/policies',
    tables: ['policy_documents', 'policy_statements', 'policy_grants'],
    named: /\bpolic(y_|ies_unread)/i,
  },
  { step: 'steps/questions', tables: ['questions'], named: /\bquestions\b/i },
  { step: 'steps/habits', tables: ['habits'], named: /\bhabits\b/i },
  { step: 'steps/key-places', tables: ['key_places'], named: /\bkey_places\b/i },
];

/** Why a rule cannot run: a table that it reads could not be filled. */
type Missing = (rule: Rule) => string | undefined;

/** Lines that are comments may speak of anything. */
const saidIn = ({ sql }: Rule): string => sql.replaceAll(/^\s*--.*$/gm, '');

/** What callers wrote is hostile: a step that fails or takes too long stops those rules that read its tables, and no others. */
export const unfold = async (
  db: Database,
  rules: Rule[],
  timeoutMs: number,
  why: (error: unknown, timedOut: boolean) => string,
): Promise<Missing> => {
  const failed: { named: RegExp; reason: string }[] = [];
  for (const { step, tables, named } of unfolded) {
    const empty = tables.map((table) => `DELETE FROM ${table};`).join('\n');
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      db.interrupt();
    }, timeoutMs);
    try {
      // What an earlier run left is another scope's.
      await db.run(empty);
      if (rules.some((rule) => named.test(saidIn(rule)))) await db.run(queryText(step));
    } catch (error) {
      failed.push({ named, reason: why(error, timedOut) });
    } finally {
      clearTimeout(timer);
    }
  }
  return (rule) => failed.find(({ named }) => named.test(saidIn(rule)))?.reason;
};
