/** The worksheet: what to contain, remove and change, in order, as commands for a person to check and run. */
import { containment, type ContainmentParts } from './containment.ts';
import { eradication, type EradicationRow, type Undo } from './eradication.ts';
import type { Report } from './model.ts';
import { rotation } from './rotation.ts';

export type { EradicationRow, Undo };

export type WorksheetParts = ContainmentParts & Pick<Report, 'secrets'>;

export type Worksheet = Pick<Report, 'containment' | 'eradication' | 'rotation'>;

/**
 * @param catalog every line of queries/catalog/eradication.csv, in any order
 * @param undo what scope made or changed and that came to be, newest first
 */
export const worksheet = (
  parts: WorksheetParts,
  catalog: readonly EradicationRow[],
  undo: readonly Undo[],
): Worksheet => ({
  containment: containment(parts, undo, catalog),
  eradication: eradication(undo, catalog),
  rotation: rotation(parts, undo),
});
