/** The four questions of a responder, each answered in one line that never counts an attempt as done nor silence as absence. */
import { answerData } from './answers-data.ts';
import { answerBackdoors } from './answers-findings.ts';
import { answerCreated, answerCredentials } from './answers-inventory.ts';
import type { Report } from './model.ts';
import type { AnswersInput } from './tally.ts';

export const answers = (report: AnswersInput): Report['answers'] => [
  answerCreated(report),
  answerData(report),
  answerBackdoors(report),
  answerCredentials(report),
];
