/** HTML that cannot forget to escape: only what was built here counts as markup, every other value goes in as text. */
import { html as escaped } from '../escape.ts';

export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | readonly Markup[];

/** `html` as a template tag: values in it are escaped, for text and for quoted attributes. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Markup {
  let markup = parts[0] ?? '';
  values.forEach((value, at) => {
    markup += inner(value) + (parts[at + 1] ?? '');
  });
  return { markup };
}

function inner(value: Value): string {
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return 'markup' in value ? value.markup : value.map((one) => one.markup).join('');
}

/** Only for the page's own style and script, which are written here and hold nothing from the evidence. */
export function trusted(markup: string): Markup {
  return { markup };
}

export const nothing: Markup = { markup: '' };
