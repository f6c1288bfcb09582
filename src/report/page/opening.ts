/** The first screen: whose use this is about, the four answers, and what in the evidence could not be read. */
import type { Report } from '../model.ts';
import { facts as openingFacts, shownOf, title, verdictOf, warning } from '../opening.ts';
import type { Section } from '../sections/blocks.ts';
import { laterParts } from '../sections/order.ts';
import { count, number } from '../words.ts';
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
<div class="title"><h1>${title(report)}</h1>${whatToDo(report)}</div>
${facts(rows, ' scope')}${cautions(report)}</header>
<section id="answers" aria-labelledby="answers-title">
<h2 id="answers-title" class="unseen">Answers</h2>
<div class="cards">
${report.answers.map(card)}</div>
</section>
`;
};

const titles = { containment: 'Containment', eradication: 'Eradication', rotation: 'Rotation' } as const;

const whatToDo = (report: Report): Markup => {
  const parts = (Object.keys(titles) as (keyof typeof titles)[]).flatMap((id) => {
    const steps = report[id].filter((step) => step.state === 'to_do').length;
    return steps === 0 ? [] : [markup` <a href="#${id}">${titles[id]} (${count(steps, 'step')})</a>`];
  });
  return parts.length === 0 ? nothing : markup`<p class="next">What to do:${parts}</p>\n`;
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

/** By the parts of AWS's incident response playbooks, as report.md is. */
export const contents = (sections: readonly Section[]): Markup => {
  const later = new Set(laterParts.flatMap(([, ids]) => ids));
  const parts: [title: string, ids: string[]][] = [
    ['Analysis', sections.flatMap(({ id }) => (later.has(id) ? [] : [id]))],
    ...laterParts,
  ];
  const items = parts.map(([title, ids]) => {
    const links = sections
      .filter(({ id }) => ids.includes(id))
      .map((one) => markup`<li><a href="#${one.id}">${one.title}</a></li>\n`);
    const label = links.length === 1 ? nothing : markup`<span>${title}</span>`;
    return markup`<li>${label}<ul>\n${links}</ul></li>\n`;
  });
  return markup`<nav aria-label="Contents"><ul>
<li><ul><li><a href="#answers">Detection</a></li></ul></li>
${items}</ul></nav>
`;
};
