/** The first screen: whose use this is about, the four answers, and what in the evidence could not be read. */
import type { Report } from '../model.ts';
import { severities } from '../model.ts';
import type { Section } from '../sections/blocks.ts';
import { count, list, number, span, time } from '../words.ts';
import { html, type Markup, nothing } from './markup.ts';

/** Details shown at once; the others unfold, so that the four answers fit one laptop screen. */
const detailsAtOnce = 3;

const states: Record<Report['answers'][number]['state'], string> = {
  found: 'Found',
  attempted: 'Attempted only',
  none: 'None found',
  not_recorded: 'Not recorded',
};

const sectionsOf: Record<Report['answers'][number]['id'], [id: string, title: string][]> = {
  created: [
    ['principals', 'New principals'],
    ['resources', 'Resources created'],
  ],
  data: [['data', 'Data access']],
  backdoors: [['findings', 'Findings']],
  credentials: [
    ['secrets', 'Secrets read'],
    ['lineage', 'Lineage'],
  ],
};

export const opening = (report: Report): Markup =>
  html`<header class="opening">
      <p class="kind">trailscope report <span class="muted">· all times are UTC</span></p>
      <h1>${title(report)}</h1>
      <dl class="facts scope">
        ${facts(report).map(
          ([name, value]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div> `,
        )}
      </dl>
      ${unread(report)}
    </header>
    <section id="answers" aria-labelledby="answers-title">
      <h2 id="answers-title" class="unseen">Answers</h2>
      <div class="cards">${report.answers.map(card)}</div>
    </section> `;

export const title = ({ seeds }: Pick<Report, 'seeds'>): string => {
  const [only] = seeds;
  if (only === undefined) return 'What the evidence shows';
  return seeds.length === 1 ? `What ${only.access_key_id} did` : `What ${count(seeds.length, 'credential')} did`;
};

/** What the scope is, in a few lines; the same in every format that has room for it. */
export const facts = (report: Report): [name: string, value: string][] => {
  const { scope, window, evidence } = report;
  const seeds = report.seeds.map((seed) => {
    const who = seed.principal === null ? '' : ` (${seed.principal})`;
    return `${seed.access_key_id}${who}${seed.occurs ? '' : ', not in the evidence'}`;
  });
  const outcomes = Object.entries(scope.outcomes).filter(([, amount]) => amount > 0);
  return [
    [seeds.length === 1 ? 'Seed' : 'Seeds', seeds.join('; ') || 'none'],
    ['Scope', `${report.scope_label}${window.note === '' ? '' : ` (${window.note})`}`],
    [
      'Seen',
      `${count(scope.events, 'event')} by ${count(scope.credentials_used, 'credential')}, ${span(scope.first_event, scope.last_event)}`,
    ],
    [
      'Outcomes',
      outcomes.map(([name, amount]) => `${number(amount)} ${name.replaceAll('_', ' ')}`).join(', ') || 'none',
    ],
    ['Findings', findingsInWords(report) || 'none'],
    [
      'Evidence',
      `${count(evidence.files, 'file')}, ${count(evidence.events, 'event')}, ${span(evidence.first_event, evidence.last_event)}`,
    ],
    ...(report.generated.as_of === null ? [] : [['As of', time(report.generated.as_of)] as [string, string]]),
  ];
};

export const findingsInWords = ({ findings }: Pick<Report, 'findings'>): string => {
  const amounts = severities
    .toReversed()
    .map((level) => ({ level, amount: findings.filter((row) => row.severity === level).length }));
  return list(amounts.filter(({ amount }) => amount > 0).map(({ level, amount }) => `${number(amount)} ${level}`));
};

const unread = (report: Report): Markup => {
  const text = unreadInWords(report);
  return text === '' ? nothing : html`<p class="warning">${text} <a href="#evidence">Evidence ledger</a></p> `;
};

/** Empty where all evidence was read. */
export const unreadInWords = ({ evidence }: Pick<Report, 'evidence'>): string => {
  const parts = [
    ...(evidence.files_rejected > 0 ? [`${count(evidence.files_rejected, 'file')} rejected`] : []),
    ...(evidence.files_partial > 0 ? [`${count(evidence.files_partial, 'file')} read only in part`] : []),
    ...(evidence.rejected > 0 ? [`${count(evidence.rejected, 'record')} rejected`] : []),
  ];
  return parts.length === 0 ? '' : `Not all evidence could be read: ${list(parts)}.`;
};

const card = (answer: Report['answers'][number]): Markup => {
  const item = (text: string) => html`<li>${text}</li>`;
  const rest = answer.details.slice(detailsAtOnce);
  const links = sectionsOf[answer.id].map(([id, name]) => html`<a href="#${id}">${name}</a> `);
  return html`<article class="card ${answer.state}">
    <header>
      <h3>${answer.question}</h3>
      <span class="tag ${answer.state}">${states[answer.state]}</span>
    </header>
    <p class="headline">${answer.headline}</p>
    <ul>
      ${answer.details.slice(0, detailsAtOnce).map(item)}
    </ul>
    ${
      rest.length === 0
        ? nothing
        : html`<details>
            <summary>${number(rest.length)} more</summary>
            <ul>
              ${rest.map(item)}
            </ul>
          </details> `
    }
    <p class="links">${links}</p>
  </article> `;
};

export const contents = (sections: readonly Section[]): Markup => {
  return html`<nav aria-label="Contents">
    <ul>
      ${sections.map((one) => html`<li><a href="#${one.id}">${one.title}</a></li> `)}
    </ul>
  </nav> `;
};
