/** The first screen: whose use this is about, the four answers, and what in the evidence could not be read. */
import type { Report } from '../model.ts';
import { facts as openingFacts, shownOf, title, verdictOf, warning } from '../opening.ts';
import type { Section } from '../sections/blocks.ts';
import { number } from '../words.ts';
import { facts } from './blocks.ts';
import { markup, type Markup, nothing } from './markup.ts';

/** Details shown, so that the four answers fit one laptop screen; the sections hold all. */
const detailsAtOnce = 3;

const sectionsOf: Record<Report['answers'][number]['id'], [id: string, title: string][]> = {
  created: [
    ['principals', 'New principals'],
    ['resources', 'Resources created'],
  ],
  data: [
    ['data', 'Data access'],
    ['findings', 'Findings'],
  ],
  backdoors: [['findings', 'Findings']],
  credentials: [
    ['secrets', 'Secrets read'],
    ['lineage', 'Lineage'],
  ],
};

export const opening = (report: Report): Markup => {
  const rows = openingFacts(report).map(([name, value]): [string, Markup] => [name, markup`${value}`]);
  return markup`<header class="opening">
<p class="kind">trailscope report <span class="muted">· all times are UTC</span></p>
<h1>${title(report)}</h1>
${facts(rows, ' scope')}${cautions(report)}</header>
<section id="answers" aria-labelledby="answers-title">
<h2 id="answers-title" class="unseen">Answers</h2>
<div class="cards">
${report.answers.map(card)}</div>
</section>
`;
};

const cautions = (report: Report): Markup => {
  const text = warning(report);
  return text === '' ? nothing : markup`<p class="warning">${text} <a href="#limits">Limits</a></p>\n`;
};

const card = (answer: Report['answers'][number]): Markup => {
  const { shown, more } = shownOf(answer, detailsAtOnce);
  const links = sectionsOf[answer.id].map(([id, name]) => markup`<a href="#${id}">${name}</a> `);
  return markup`<article class="card ${answer.state}">
<header><h3>${answer.question}</h3> <span class="tag ${answer.state}">${verdictOf(answer)}</span></header>
<p class="headline">${answer.headline}</p>
${answer.not_recorded === null ? nothing : markup`<p class="warning">${answer.not_recorded}</p>\n`}<ul>${shown.map((text) => markup`<li>${text}</li>`)}</ul>
${answer.notes.map((text) => markup`<p class="muted">${text}</p>\n`)}<p class="links">${more > 0 ? markup`<b>${number(more)} more</b> in ` : nothing}${links}</p>
</article>
`;
};

export const contents = (sections: readonly Section[]): Markup => {
  const items = sections.map((one) => markup`<li><a href="#${one.id}">${one.title}</a></li>\n`);
  return markup`<nav aria-label="Contents"><ul>
${items}</ul></nav>
`;
};
