/** HTML that cannot forget to escape: only what was built here counts as markup, every other value goes in as text. */
import { html as escaped } from '../escape.ts';

export type Markup = {
  readonly markup: string;
};

type Value = string | number | Markup | readonly Markup[];

/** As a template tag: values are escaped, for text and for quoted attributes. (Named `html`, it would be reformatted as such.) */
export const markup = (parts: TemplateStringsArray, ...values: Value[]): Markup => {
  let text = parts[0] ?? '';
  values.forEach((value, at) => {
    text += inner(value) + (parts[at + 1] ?? '');
  });
  return { markup: text };
};

const inner = (value: Value): string => {
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return 'markup' in value ? value.markup : value.map((one) => one.markup).join('');
};

/** Only for the page's own style and script, which are written here; the one text that the style takes in goes through escape.ts. */
export const trusted = (markup: string): Markup => ({ markup });

export const nothing: Markup = { markup: '' };
