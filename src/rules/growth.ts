/**
 * Refuses text that grows without measure: DuckDB folds constants and unfolds macros while it prepares a statement, where no timer reaches, and what
 * `replace` makes is outside its memory limit (measured: four replacements within one another, 13 GB and no end).
 */
import { isNode, type Json, type Node, nodes, text, word } from './syntax.ts';

/** How much longer all replacements of a rule together may make a text: without recursion a value meets each of them once. */
const mostGrowth = 100;
/** Functions of tables/09-logged.sql within one another: each writes its argument out several times. */
const deepest = 6;
const replacing = new Set(['replace', 'regexp_replace']);

/** The constant's text; undefined where it is none. */
const constant = (node: Json | undefined): string | undefined => {
  const value = isNode(node) && node['class'] === 'CONSTANT' ? node['value'] : undefined;
  return isNode(value) ? text(value['value']) : undefined;
};

type Growth = { node: Node; factor: number };

/** Of a regular expression every place may match, an empty one too, and each reference brings back all of the match. */
const growthOf = (node: Node): Growth => {
  const [, from, to] = (node['children'] ?? []) as Json[];
  const replacement = constant(to);
  if (replacement === undefined) return { node, factor: Infinity };
  if (word(node['function_name']) === 'regexp_replace') return { node, factor: 1 + replacement.length };
  return { node, factor: Math.max(1, replacement.length / Math.max(1, constant(from)?.length ?? 1)) };
};

const unfoldedTooDeep = (value: Json, macros: ReadonlySet<string>, within: string[] = []): Node | undefined => {
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = unfoldedTooDeep(item, macros, within);
      if (found) return found;
    }
    return undefined;
  }
  if (!isNode(value)) return undefined;
  const name = value['class'] === 'FUNCTION' ? word(value['function_name']) : '';
  const unfolds = macros.has(name);
  if (unfolds && (within.includes(name) || within.length + 1 > deepest)) return value;
  return unfoldedTooDeep(Object.values(value), macros, unfolds ? [...within, name] : within);
};

/** Where a statement may grow without measure, and why; none where it may not. */
export const growing = (tree: Json, macros: ReadonlySet<string>): { node: Node; what: string }[] => {
  const replacements = nodes(tree)
    .filter((node) => replacing.has(word(node['function_name'])))
    .map(growthOf);
  const open = replacements.find(({ factor }) => factor === Infinity);
  const all = replacements.reduce((product, { factor }) => product * factor, 1);
  const longest = replacements.toSorted((a, b) => b.factor - a.factor)[0];
  const nested = unfoldedTooDeep(tree, macros);
  return [
    ...(open === undefined
      ? []
      : [
          {
            node: open.node,
            what: `${word(open.node['function_name'])} may only put in a text that the rule writes out`,
          },
        ]),
    ...(open === undefined && all > mostGrowth
      ? [
          {
            node: longest!.node,
            what: `its replacements may make a text ${Math.ceil(all)} times as long; all of a rule together may reach ${mostGrowth} times`,
          },
        ]
      : []),
    ...(nested === undefined
      ? []
      : [
          {
            node: nested,
            what: `the function ${word(nested['function_name'])} stands within itself, or too deep in others`,
          },
        ]),
  ];
};
