/** The worksheet: what to contain, remove and change, in order, as commands for a person to check and run. */
import type { Report } from './model.ts';

type Step = Report['containment'][number];
type Eradication = Report['eradication'][number];

/** One line of queries/catalog/eradication.csv; `line` orders the commands of one type and phase. */
export type EradicationRow = { type: string; phase: string; line: string; command: string };

/** A thing that scope made or changed and that came to be, with the two parts of its id; see rules/inventories.ts. */
export type Undo = {
  type: string;
  id: string;
  name: string;
  also: string | null;
  account: string | null;
  region: string | null;
  created_by: string;
  event_id: string;
  event_name: string;
  time: string | null;
  later_deleted_by: string | null;
  later_deleted_event_id: string | null;
};

export type WorksheetParts = Pick<Report, 'generated' | 'seeds' | 'credentials' | 'principals' | 'secrets'>;

export type Worksheet = { containment: Step[]; eradication: Eradication[]; rotation: Step[] };

/** @param undo newest first, from readUndo */
export const worksheet = (
  _parts: WorksheetParts,
  _catalog: EradicationRow[],
  _undo: readonly Undo[] = [],
): Worksheet => ({
  containment: [],
  eradication: [],
  rotation: [],
});
