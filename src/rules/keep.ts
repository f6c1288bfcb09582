/** Keeps the findings of a run in the case, in place of those of the run before. */
import type { Database } from '../database.ts';
import type { RuleFinding } from './findings.ts';

export const keepFindings = async (db: Database, findings: readonly RuleFinding[]): Promise<void> => {
  await db.run('DELETE FROM findings');
  await db.insert(
    'findings',
    findings.map(
      ({
        rule,
        id,
        severity,
        subject,
        summary,
        outcome,
        credential,
        all_event_ids,
        details,
        status,
        explained_by,
      }) => ({
        id,
        rule: rule.id,
        pack: rule.pack,
        category: rule.category,
        severity,
        title: rule.title,
        subject,
        summary,
        outcome,
        credential,
        event_ids: [...all_event_ids].toSorted(),
        details,
        status,
        explained_by,
      }),
    ),
  );
};
