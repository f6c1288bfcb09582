/** report.html: one self-contained page. */
import { html as escaped } from './escape.ts';
import type { Report } from './model.ts';

export function* html(report: Report): Generator<string> {
  yield `<!doctype html><title>${escaped(report.scope_label)}</title>`;
}
