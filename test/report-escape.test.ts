/** Hostile text, made safe for each format in one place. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  csv,
  csvLine,
  cssString,
  html,
  json,
  markdown,
  markdownBlock,
  markdownCode,
  visible,
} from '../src/report/escape.ts';
import { parseCsv } from './read-csv.ts';

const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const anyText = fc.string({ unit: 'binary', maxLength: 40 });
const spiteful = fc
  .array(fc.constantFrom(...'=+-@|`\\"\';,:<>&[]()!*_~#$. \t\r\n\x1b\u202e\u200b\ud800＝x1'.split('')), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));
const text = fc.oneof(anyText, spiteful);

describe('a style sheet', () => {
  it('gets one string, whatever the evidence holds', () => {
    expect(cssString('What AKIA1 did')).toBe('"What AKIA1 did"');
    expect(cssString('"}</style>\n')).toBe('"\\22 \\7d \\3c \\2f style\\3e \\5c x0a"');
    fc.assert(
      fc.property(text, (hostile) => {
        expect(cssString(hostile)).toMatch(/^"(?:[A-Za-z0-9 ]|\\[0-9a-f]{1,6} )*"$/);
      }),
    );
  });
});

describe('a terminal', () => {
  it.each([
    ['a title-setting escape sequence', '\x1b]0;owned\x07', '\\x1b]0;owned\\x07'],
    ['a C1 control', '\x9b2J', '\\x9b2J'],
    ['a right-to-left override', 'gpj.\u202eexe', 'gpj.\\u{202e}exe'],
    ['an isolate', '\u2066a\u2069', '\\u{2066}a\\u{2069}'],
    ['a zero-width space', 'AK\u200bIA', 'AK\\u{200b}IA'],
    ['a lone surrogate', 'a\ud800b', 'a\\u{d800}b'],
    ['a new line', 'one\r\ntwo', 'one\\x0d\\x0atwo'],
  ])('shows %s instead of obeying it', (_, hostile, shown) => {
    expect(visible(hostile)).toBe(shown);
  });

  it('gets nothing invisible, whatever the evidence holds', () => {
    fc.assert(
      fc.property(text, (hostile) => {
        expect(visible(hostile)).not.toMatch(invisible);
      }),
    );
  });

  it('gets ordinary names of any script as they are', () => {
    expect(visible('Zoë 東京 שלום 🙂')).toBe('Zoë 東京 שלום 🙂');
  });
});

describe('a spreadsheet', () => {
  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '  =1+1',
    '\t=1+1',
    '\r=1+1',
    '\u00a0=1+1',
    '＝1+1',
    '＋1',
    '－1',
    '＠SUM(A1)',
    '"=1+1',
    'a;=1+1',
  ])('takes %j for text, not for a formula', (hostile) => {
    const [[cell] = []] = parseCsv(csvLine([hostile]));
    expect(cell).toMatch(/(^|;)'/);
  });

  it('gets numbers as numbers, negative ones too', () => {
    expect(csvLine([-33.9, 12, true, null])).toBe('-33.9,12,true,\r\n');
  });

  it('reads back every cell of every line', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 4 }), (cells) => {
        const rows = parseCsv(csvLine(cells));
        expect(rows).toHaveLength(1);
        expect(rows[0]?.map((cell) => cell.replaceAll("'", ''))).toEqual(
          cells.map((cell) => visible(cell).replaceAll("'", '')),
        );
      }),
    );
  });

  it('never gets a cell that begins like a formula', () => {
    fc.assert(
      fc.property(text, (hostile) => {
        expect(csv(hostile).replace(/^"?'/, 'x')).not.toMatch(/^[\s"']*[=+\-@＝＋－＠]/u);
      }),
    );
  });

  it('gets one line a row, whatever line breaks the evidence holds', () => {
    expect(csvLine(['one\r\ntwo', '\u2028three'])).toBe('one\\x0d\\x0atwo,\\u{2028}three\r\n');
  });
});

describe('a page', () => {
  it('shows tags and quotes as text, in attributes too', () => {
    expect(html(`<img src=x onerror="a('b')">&amp;`)).toBe(
      '&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;amp;',
    );
  });

  it('gets no character that could open markup', () => {
    fc.assert(
      fc.property(text, (hostile) => {
        expect(html(hostile)).not.toMatch(/[<>"'\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
    );
  });
});

describe('Markdown', () => {
  it.each([
    ['a pipe', 'a|b', 'a\\|b'],
    ['a link', '[click](javascript:alert(1))', '\\[click\\](javascript:alert(1))'],
    ['a picture', '![x](https://203.0.113.9/x.png)', '!\\[x\\](https\\://203.0.113.9/x.png)'],
    ['raw HTML', '<script>x</script>', '&lt;script&gt;x&lt;/script&gt;'],
    ['an entity', '&lt;', '&amp;lt;'],
    ['a bare address', 'www.example.com me@example.com', 'www\\.example.com me\\@example.com'],
    ['a heading', '# owned', '\\# owned'],
    ['a list', '- owned', '\\- owned'],
    ['a numbered list', '1. owned', '1\\. owned'],
    ['a code span', '`x`', '\\`x\\`'],
    ['a new line', 'a\n\n# b', 'a\\\\x0a\\\\x0a# b'],
  ])('shows %s as text', (_, hostile, shown) => {
    expect(markdown(hostile)).toBe(shown);
  });

  it('leaves names, times and ARNs readable', () => {
    const arn = 'arn:aws:iam::111122223333:user/ci_deploy at 2026-03-02 08:15:00 (48.2 MB)';
    expect(markdown(arn)).toBe(arn);
  });

  it('escapes as running text what would end a code span or a table cell', () => {
    expect(markdownCode('a`b')).toBe('a\\`b');
    expect(markdownCode('a\\|b')).toBe('a\\\\\\|b');
    expect(markdownCode('plain')).toBe('`plain`');
  });

  it('fences commands with more backticks than they hold', () => {
    expect(markdownBlock(['echo ```', 'one\ntwo'])).toEqual(['````sh', 'echo ```', 'one\\x0atwo', '````']);
  });
});

describe('JSON', () => {
  it('means the same, and shows a terminal nothing invisible', () => {
    fc.assert(
      fc.property(text, (hostile) => {
        const written = json(JSON.stringify({ agent: hostile }, null, 2));
        expect(JSON.parse(written)).toEqual({ agent: hostile });
        expect(written.replaceAll('\n', '')).not.toMatch(invisible);
      }),
    );
  });
});
