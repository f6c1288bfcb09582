/** report.json: the whole model, pretty-printed as `JSON.stringify` would, in pieces because a long one passes Node's longest string. */
import { json as harmless } from './escape.ts';
import type { Report } from './model.ts';

export function* json(report: Report): Generator<string> {
  yield '{';
  let separator = '\n';
  for (const [key, value] of Object.entries(report)) {
    yield `${separator}  ${JSON.stringify(key)}: `;
    separator = ',\n';
    if (key === 'evidence') yield* evidence(report.evidence);
    else if (Array.isArray(value)) yield* array(value, '  ');
    else yield indented(value, '  ');
  }
  yield '\n}\n';
}

/** The manifest inside can be as long as the evidence has files. */
function* evidence(value: Report['evidence']): Generator<string> {
  yield '{';
  let separator = '\n';
  for (const [key, inner] of Object.entries(value)) {
    yield `${separator}    ${JSON.stringify(key)}: `;
    separator = ',\n';
    if (Array.isArray(inner)) yield* array(inner, '    ');
    else yield indented(inner, '    ');
  }
  yield '\n  }';
}

function* array(items: readonly unknown[], indent: string): Generator<string> {
  if (items.length === 0) {
    yield '[]';
    return;
  }
  yield '[';
  let separator = '\n';
  for (const item of items) {
    yield `${separator}${indent}  ${indented(item, `${indent}  `)}`;
    separator = ',\n';
  }
  yield `\n${indent}]`;
}

const indented = (value: unknown, indent: string): string =>
  harmless(JSON.stringify(value, null, 2)).replaceAll('\n', `\n${indent}`);
