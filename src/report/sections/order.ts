/** All sections in reading order: what happened, what to do, what it rests on. */
import type { Report } from '../model.ts';
import type { Section } from './blocks.ts';
import { addresses } from './addresses.ts';
import { hours } from './hours.ts';
import { attribution } from './attribution.ts';
import { about, limitations } from './closing.ts';
import { findings } from './findings.ts';
import { consequences } from './happenings.ts';
import { principals, resources } from './inventory.ts';
import { coverage, evidence } from './ledger.ts';
import { lineage, unresolved } from './lineage.ts';
import { dataAccess, secrets } from './reads.ts';
import { timeline } from './timeline.ts';
import { containment, eradication, rotation } from './worksheet.ts';

const order = [
  lineage,
  attribution,
  principals,
  resources,
  secrets,
  dataAccess,
  findings,
  timeline,
  addresses,
  hours,
  consequences,
  unresolved,
  containment,
  eradication,
  rotation,
  coverage,
  limitations,
  evidence,
  about,
];

export const sections = (report: Report): Section[] => order.map((section) => section(report));

/** What is not named here belongs to the analysis. */
export const laterParts: [title: string, sections: string[]][] = [
  ['Containment', ['containment']],
  ['Eradication', ['eradication']],
  ['Recovery', ['rotation']],
  ['Evidence and limits', ['coverage', 'limits', 'evidence', 'about']],
];
