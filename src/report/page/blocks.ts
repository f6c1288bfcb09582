/** Blocks of a section as HTML. */
import type { Block, Section } from '../sections/blocks.ts';
import { cut } from '../words.ts';
import { type Anchors, cell, findingAnchor } from './cell.ts';
import { graph } from './graph.ts';
import { lanes } from './lanes.ts';
import { map } from './map.ts';
import { markup, type Markup, nothing } from './markup.ts';
import { table } from './table.ts';
import { weeks } from './weeks.ts';

export const section = ({ id, title, blocks, onPaper }: Section, anchors: Anchors): Markup => {
  const inner = blocks.map((one) => block(one, anchors, 3));
  const leftOut = onPaper === undefined ? nothing : markup`<p class="on-paper">${onPaper}</p>\n`;
  return markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${leftOut}${inner}</section>
`;
};

// oxlint-disable-next-line typescript/consistent-return -- the switch names every kind of block
const block = (content: Block, anchors: Anchors, level: 3 | 4): Markup => {
  const inside = (blocks: readonly Block[], next: 3 | 4 = level) => blocks.map((one) => block(one, anchors, next));
  switch (content.kind) {
    case 'text':
      return markup`<p>${cut(content.text)}</p>\n`;
    case 'warning':
      return markup`<p class="warning">${cut(content.text)}</p>\n`;
    case 'list':
      return markup`<ul>\n${content.items.map((item) => markup`<li>${cell(item, anchors)}</li>\n`)}</ul>\n`;
    case 'facts':
      return facts(content.facts.map(([name, value]) => [name, cell(value, anchors)]));
    case 'commands': {
      const lines = content.lines.map((line) => markup`${line}\n`);
      return markup`<div class="commands"><p>${content.about}</p><pre tabindex="0"><code>${lines}</code></pre></div>\n`;
    }
    case 'fold':
      return markup`<details><summary>${content.summary}</summary>\n${inside(content.blocks)}</details>\n`;
    case 'group':
      return markup`<h3>${content.title}</h3>\n${inside(content.blocks, 4)}`;
    case 'entry':
      return entry(content, inside(content.blocks), level, anchors);
    case 'graph':
      return graph(content.title, content.graph);
    case 'map':
      return map(content.title, content.marks, content.targets);
    case 'weeks':
      return weeks(content.weeks);
    case 'lanes':
      return lanes(content.title, content.lanes);
    case 'table':
      return table(content.table, anchors);
  }
};

export const facts = (rows: [name: string, value: Markup][], kind = ''): Markup => {
  const inner = rows.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>\n`);
  return markup`<dl class="facts${kind}">\n${inner}</dl>\n`;
};

const signOff = markup`<p class="sign-off"><span class="box"></span> done by <span class="line"></span> at <span class="line"></span> UTC</p>
`;

const entry = (content: Block & { kind: 'entry' }, blocks: Markup[], level: 3 | 4, anchors: Anchors): Markup => {
  const words = cut(content.title);
  const title = level === 3 ? markup`<h3>${words}</h3>` : markup`<h4>${words}</h4>`;
  const tags = content.tags.map((tag) => markup` ${cell(tag, anchors)}`);
  const id = content.finding === undefined ? nothing : markup` id="${findingAnchor(content.finding)}"`;
  return markup`<article${id}>
<header>${title}${tags}</header>
${blocks}${content.signOff === true ? signOff : nothing}</article>
`;
};
