/** The page in a real browser: what a reader sees, with script and without, and that no text of the evidence ever acts. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeReport } from '../src/report/index.ts';
import type { Report } from '../src/report/model.ts';
import { hostileReport, payloads } from './hostile-report.ts';
import { rowsOf, sampleReport } from './sample-report.ts';

const executablePath = '/usr/bin/chromium';
const found = existsSync(executablePath);

it.runIf(!found)(`the page is not looked at: there is no ${executablePath}`, ({ skip }) => skip());

describe.skipIf(!found)('the page in Chromium', () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), 'trailscope-page-'));

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Whatever the page complains about, tries to fetch or lets run. */
  const opened = async (report: Report, options = { javaScriptEnabled: true }) => {
    const [file = ''] = await writeReport(report, rowsOf(report.timeline), folder);
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => complaints.push(dialog.message()));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return { page, complaints, requests };
  };

  const overflow = (page: Page) =>
    page.evaluate(() => [
      document.documentElement.scrollWidth - document.documentElement.clientWidth,
      ...Array.from(document.querySelectorAll('.table'), (table) => table.scrollWidth - table.clientWidth),
    ]);

  it('shows the four answers on the first screen of a laptop, and nothing runs over its edge', async () => {
    const { page, complaints, requests } = await opened(sampleReport());
    const bottoms = await page
      .locator('.card')
      .evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().bottom));
    expect(bottoms).toHaveLength(4);
    expect(Math.max(...bottoms)).toBeLessThanOrEqual(800);
    expect(Math.max(...(await overflow(page)))).toBe(0);
    expect(complaints).toEqual([]);
    expect(requests).toHaveLength(1);
    await page.close();
  });

  it('names its headings in order, its tables by captions, its columns by scope', async () => {
    const { page } = await opened(sampleReport());
    const levels = await page
      .locator('h1, h2, h3, h4')
      .evaluateAll((all) => all.map((one) => Number(one.tagName.slice(1))));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.filter((level, at) => at > 0 && level > (levels[at - 1] ?? 0) + 1)).toEqual([]);
    expect(await page.locator('table:not(:has(caption))').count()).toBe(0);
    expect(await page.locator('thead th:not([scope=col]), tbody tr:not(:has(th[scope=row]))').count()).toBe(0);
    const lost = await page
      .locator('a[href^="#"]')
      .evaluateAll((links) => links.filter((link) => !document.querySelector(link.getAttribute('href') ?? '')).length);
    expect(lost).toBe(0);
    await page.close();
  });

  it('filters the timeline by word and by credential, and sorts it', async () => {
    const { page } = await opened(sampleReport());
    const rows = page.locator('#timeline-table tbody tr:visible');
    await page.locator('#timeline-table input').fill('getsecretvalue');
    expect(await rows.locator('td:nth-child(2) bdi').allInnerTexts()).toEqual([
      'secretsmanager:GetSecretValue ×2',
      'secretsmanager:GetSecretValue',
    ]);
    await page.locator('#timeline-table input').fill('');
    await page.locator('#timeline-table select').selectOption('ASIAI44QH8DHBEXAMPLE');
    expect(await rows.count()).toBe(2);
    await page.locator('#timeline-table select').selectOption('');
    const time = page.locator('#timeline-table thead button').first();
    await time.click();
    await time.click();
    expect(await rows.first().innerText()).toContain('TerminateInstances');
    expect(await page.locator('#timeline-table th[aria-sort=descending]').innerText()).toContain('Time');
    await page.close();
  });

  it('sorts sizes and shares by what they mean, and leaves the tree of credentials as it is', async () => {
    const [read] = sampleReport().data_access;
    const sizes = [11_100, 160_900_000, 243, null];
    const data_access = sizes.map((bytes_out, at) => Object.assign({}, read, { id: `object-${at}`, bytes_out }));
    const { page } = await opened(sampleReport({ data_access }));
    await page.locator('#data-table thead button', { hasText: 'Sent out' }).click();
    const column = page.locator('#data-table td:nth-child(5)');
    expect(await column.allInnerTexts()).toEqual(['–', '243 bytes', '11.1 kB', '160.9 MB']);
    const sorted = page.locator('#data-table').getByRole('columnheader', { name: 'Sent out', exact: true });
    expect(await sorted.getAttribute('aria-sort')).toBe('ascending');
    expect(await page.locator('#credentials thead button').count()).toBe(0);
    await page.close();
  });

  it('names each filter by its table, and each table that may scroll by its caption', async () => {
    const { page } = await opened(sampleReport());
    const names = await page.locator('input[type=search]').evaluateAll((all) => all.map((one) => one.ariaLabel));
    expect(names.length).toBeGreaterThan(0);
    expect(names).toContain('Filter Notable events (17)');
    expect(new Set(names).size).toBe(names.length);
    const frame = page.getByRole('region', { name: 'Notable events' });
    expect(await frame.getAttribute('tabindex')).toBe('0');
    await page.close();
  });

  it.each([700, 900, 1001, 1201])('never scrolls sideways as a page, %i pixels wide', async (width) => {
    const { page } = await opened(sampleReport());
    await page.setViewportSize({ width, height: 800 });
    expect((await overflow(page))[0]).toBe(0);
    await page.close();
  });

  it('keeps the heads of a long table in sight, below the contents', async () => {
    const { page } = await opened(sampleReport());
    await page.locator('#timeline-table tbody tr').last().scrollIntoViewIfNeeded();
    const [nav, head] = await page.evaluate(() => [
      document.querySelector('nav')?.getBoundingClientRect().bottom ?? 0,
      document.querySelector('#timeline-table thead th')?.getBoundingClientRect().top ?? -1,
    ]);
    expect(Math.abs((head ?? 0) - (nav ?? 0))).toBeLessThanOrEqual(2);
    await page.close();
  });

  it('leads from the first screen to what to do, and by the parts of the playbook to everything', async () => {
    const { page } = await opened(sampleReport());
    const next = page.locator('.next a').first();
    expect(await next.innerText()).toBe('Containment (3 steps)');
    expect((await next.boundingBox())?.y).toBeLessThan(200);
    const parts = page.locator('nav > ul > li > ul');
    expect(await parts.locator('li:first-child a').allInnerTexts()).toEqual([
      'Detection',
      'Scope and lineage',
      'Containment',
      'Eradication',
      'Rotation',
      'Coverage',
    ]);
    await page.close();
  });

  it('leads from an event to its findings, and to no place from its own row', async () => {
    const { page } = await opened(sampleReport());
    const row = page.locator('#timeline-table tbody tr', { hasText: 'iam:CreateUser' });
    expect(await row.locator('a').allInnerTexts()).toEqual(['iam-user-created']);
    await row.locator('a').click();
    expect(await page.locator('article:target h4').innerText()).toBe('User created');
    await page.close();
  });

  it('leads from a consequence to its cause, and from elsewhere to the consequence', async () => {
    const { page } = await opened(sampleReport());
    const [first] = sampleReport().consequences;
    const row = page.locator('#consequences-table tbody tr').first();
    expect(await row.innerText()).toContain(`${first?.event_id}`);
    expect(await row.innerText()).toContain('Ex4mPle70.json.gz#4');
    expect(await row.locator('a').innerText()).toBe('7f3c1e2a');
    await row.locator('a').click();
    expect(await page.locator('#timeline-table tr:target').innerText()).toContain('ModifySnapshotAttribute');
    await page.locator('#principals-table td:last-child a').first().click();
    expect(await page.locator('#consequences-table tr:target').innerText()).toContain('DeleteUser');
    await page.close();
  });

  it('leads from an event id to its row of the timeline, even where that is filtered out', async () => {
    const { page } = await opened(sampleReport());
    await page.locator('#timeline-table input').fill('no such row');
    await page.locator('#principals-table a').first().click();
    expect(await page.locator('#timeline-table tr:target').isVisible()).toBe(true);
    await page.close();
  });

  it('can be read whole without script', async () => {
    const { page, complaints } = await opened(sampleReport(), { javaScriptEnabled: false });
    expect(await page.locator('.card .headline').first().innerText()).toContain('created');
    await page.locator('#evidence summary').click();
    expect(await page.locator('#manifest').isVisible()).toBe(true);
    expect(await page.locator('button, input, select').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('leads from a mark on the map to the row of its address, and from there back to the mark', async () => {
    const { page, complaints } = await opened(sampleReport(), { javaScriptEnabled: false });
    const marks = page.locator('.map .marks > a');
    expect(await marks.count()).toBe(2);
    expect(await marks.first().locator('title').textContent()).toContain('Amsterdam, NL · 1 address');
    // By keyboard, as a reader without a mouse does.
    await marks.first().focus();
    await page.keyboard.press('Enter');
    const row = page.locator('#addresses-table tr:target');
    expect(await row.locator('th').innerText()).toBe('203.0.113.45');
    await row.getByRole('link', { name: 'Amsterdam, NL' }).click();
    expect(await page.locator('.map a:target title').textContent()).toContain('Amsterdam, NL');
    expect(await page.locator('.map path.land').evaluate((one) => getComputedStyle(one).fill)).toBe(
      'rgb(230, 234, 238)',
    );
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('tells marks apart by shape and fill, not by colour alone', async () => {
    const { ips } = sampleReport();
    const [one] = ips as [Report['ips'][number]];
    const more = (['address', null] as const).map((nearest_before) => ({ ...one, nearest_before }));
    const { page } = await opened(sampleReport({ ips: [...ips, ...more, { ...one, owner: 'vpn' as const }] }));
    const looks = await page.locator('.map .marks > a').evaluateAll((all) =>
      all.map((mark) => {
        const shape = mark.querySelector('circle:not(.good), rect, path')!;
        const { fill, stroke } = getComputedStyle(shape);
        return `${shape.tagName} ${fill} ${stroke} ${mark.querySelector('.good') === null ? '' : 'ring'}`;
      }),
    );
    expect(looks).toHaveLength(5);
    expect(new Set(looks).size).toBe(5);
    const grey = (colour: string): number =>
      (colour.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;
    const fills = new Set(looks.map((look) => Math.round(grey(look.split(') ')[0]!) / 40)));
    expect(fills.size).toBe(3);
    await page.close();
  });

  it('shows the map and both weeks whole on paper and on a narrow screen, and hour by hour on demand', async () => {
    const { page } = await opened(sampleReport());
    await page.locator('#hours summary').click();
    expect(await page.locator('#hours-table tbody tr').count()).toBe(24);
    await page.setViewportSize({ width: 360, height: 800 });
    expect((await overflow(page))[0]).toBe(0);
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 965, height: 691 });
    for (const drawing of ['.map .frame > svg', '.week >> nth=0', '.week >> nth=1']) {
      const box = await page.locator(drawing).boundingBox();
      expect(box?.width, drawing).toBeLessThanOrEqual(965);
      expect(box?.height, drawing).toBeLessThanOrEqual(691);
      expect((box?.x ?? -1) + (box?.width ?? 0), drawing).toBeLessThanOrEqual(966);
    }
    await page.close();
  });

  const traced = (page: Page) =>
    page.locator('.graph g.on').evaluateAll((all) => all.map((one) => one.querySelector('.name')?.textContent));

  it('draws the lineage: each box leads to its row', async () => {
    const { page } = await opened(sampleReport(), { javaScriptEnabled: false });
    const boxes = page.locator('.graph a');
    expect(await boxes.count()).toBe(sampleReport().credentials.filter((row) => row.in_scope).length);
    const [, , third] = await boxes.all();
    const name = await third?.locator('.name').textContent();
    await third?.click();
    expect(await page.locator('#credentials tr:target th code').innerText()).toBe(name);
    const words = await page
      .locator('.graph .frame text')
      .evaluateAll((all) => all.filter((one) => !(one as unknown as SVGGraphicsElement).getBBox().width).length);
    expect(words).toBe(0);
    await page.close();
  });

  it('walks the graph with the arrow keys, tracing the way from the seed and what follows', async () => {
    const { page, complaints } = await opened(sampleReport());
    const boxes = page.locator('.graph a');
    expect(await page.locator('.graph a[tabindex="0"]').count()).toBe(1);
    await boxes.first().focus();
    for (const key of ['ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
    const [seed, , deploy, data, unused] = sampleReport().credentials.map((row) => row.access_key_id);
    expect(await traced(page)).toEqual(expect.arrayContaining([seed, deploy, data, unused]));
    expect(await traced(page)).toHaveLength(4);
    expect(await page.locator('.graph output').innerText()).toContain(`${deploy} · AssumeRole`);
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.graph a:focus .name').textContent()).toBe(seed);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    expect(await page.locator('#credentials tr:target').count()).toBe(1);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('makes the graph smaller and larger, and never wider than its frame lets the page be', async () => {
    const { page } = await opened(sampleReport());
    const width = () => page.locator('.graph .frame > svg').evaluate((one) => one.getBoundingClientRect().width);
    const [full] = [await width(), await page.getByRole('button', { name: 'Smaller' }).click()];
    expect(await width()).toBeCloseTo(full / 1.25, 0);
    for (const _ of [1, 2, 3]) await page.getByRole('button', { name: 'Larger' }).click();
    await page.setViewportSize({ width: 360, height: 800 });
    expect((await overflow(page))[0]).toBe(0);
    await page.close();
  });

  it('prints a graph that fits a sheet whole, a larger one in parts, and leaves out one of more than eight', async () => {
    const { page } = await opened(sampleReport());
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 1032, height: 691 });
    const box = await page.locator('.graph .frame > svg').boundingBox();
    expect(box?.width).toBeLessThanOrEqual(1032);
    expect(box?.height).toBeLessThanOrEqual(691);
    await page.close();
    const { credentials } = sampleReport();
    const printed = async (more: Partial<Report['credentials'][number]>[]): Promise<Page> => {
      const rows = more.map((row, i) => ({ ...credentials[1]!, access_key_id: `AKIAEXAMPLEMORE${100 + i}`, ...row }));
      const long = (await opened(sampleReport({ credentials: [...credentials, ...rows] }))).page;
      expect(await long.locator('.graph').isVisible()).toBe(true);
      await long.emulateMedia({ media: 'print' });
      return long;
    };
    const inParts = await printed(Array.from({ length: 15 }, () => ({})));
    expect(await inParts.locator('.graph .frame').isVisible()).toBe(false);
    expect(await inParts.locator('.graph .sheet p').allInnerTexts()).toEqual(['Part 1 of 2', 'Part 2 of 2']);
    for (const part of await inParts.locator('.graph .sheet').all())
      expect((await part.boundingBox())?.height).toBeLessThanOrEqual(691);
    await inParts.close();
    // Twelve more, each with ten that it issued.
    const wide = await printed(
      Array.from({ length: 132 }, (_, i) =>
        i % 11 === 0 ? {} : { issued_by: `AKIAEXAMPLEMORE${100 + i - (i % 11)}` },
      ),
    );
    expect(await wide.locator('.graph').isVisible()).toBe(false);
    expect(await wide.locator('#lineage .on-paper').innerText()).toContain('the graph');
    await wide.close();
  });

  const pagesOf = async (page: Page): Promise<number> => {
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.slice(0, 5)).toBe('%PDF-');
    return pdf.match(/\/Type \/Page\b/g)?.length ?? 0;
  };

  it.each([true, false])(
    'prints what a reader of paper needs, and says what it leaves out (script: %s)',
    async (on) => {
      const { page } = await opened(sampleReport(), { javaScriptEnabled: on });
      await page.emulateMedia({ media: 'print' });
      for (const gone of ['nav', '#manifest', '#timeline-table', '.card details li', '#findings dl dl', '.warning a'])
        expect(await page.locator(gone).first().isVisible(), gone).toBe(false);
      for (const kept of [
        '.card',
        '#credentials',
        '#principals',
        '#findings article',
        '.sign-off',
        '#coverage',
        '#limits',
      ])
        expect(await page.locator(kept).first().isVisible(), kept).toBe(true);
      expect(await page.locator('#timeline .on-paper').innerText()).toContain('timeline.csv');
      expect(await page.locator('#evidence .on-paper').innerText()).toContain('report.json');
      expect(await page.locator('#findings article').first().innerText()).toContain('Finding id');
      await page.close();
    },
  );

  it('prints the four answers on the first page, on letter and on A4', async () => {
    const { page } = await opened(sampleReport());
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 965, height: 691 });
    const bottom = await page.locator('#answers').evaluate((one) => one.getBoundingClientRect().bottom);
    expect(bottom).toBeLessThanOrEqual(691);
    expect(await page.locator('#answers').evaluate((one) => getComputedStyle(one).breakAfter)).toBe('page');
    await page.close();
  });

  it('prints everything where asked to', async () => {
    const { page } = await opened(sampleReport());
    const few = await pagesOf(page);
    await page.getByLabel('Print all').check();
    expect(await pagesOf(page)).toBeGreaterThan(few);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await page.locator('#manifest td').first().isVisible()).toBe(true);
    expect(await page.locator('#timeline-table td').first().isVisible()).toBe(true);
    expect(await page.locator('#timeline .on-paper').isVisible()).toBe(false);
    expect(await page.locator('nav').isVisible()).toBe(false);
    await page.close();
  });

  const elements = (page: Page) =>
    page.evaluate(() => Array.from(document.querySelectorAll('*'), ({ tagName }) => tagName));
  const attributes = (page: Page) =>
    page.evaluate(() => [
      ...new Set(Array.from(document.querySelectorAll('*'), (one) => one.getAttributeNames()).flat()),
    ]);

  it('shows hostile text as text: nothing runs, loads or complains', async () => {
    const plain = await opened(hostileReport('plain'));
    const [ours, known] = [await elements(plain.page), await attributes(plain.page)];
    await plain.page.close();
    // Alone, those made for pages; with the others, all at once: a page takes most of a second.
    const all = Object.entries(payloads);
    const tried = [...all.slice(0, 7), ['everything at once', Object.values(payloads).join(' ')] as const];
    for (const [name, payload] of tried) {
      const { page, complaints, requests } = await opened(hostileReport(payload));
      await page.evaluate(() =>
        document.querySelectorAll('details').forEach((fold) => fold.toggleAttribute('open', true)),
      );
      await page.mouse.move(600, 400);
      expect.soft(await elements(page), name).toEqual(ours);
      expect
        .soft(
          (await attributes(page)).filter((one) => one !== 'open' && !known.includes(one)),
          name,
        )
        .toEqual([]);
      expect.soft(await page.evaluate(() => 'hacked' in globalThis), name).toBe(false);
      expect.soft(Math.max(...(await overflow(page))), name).toBe(0);
      expect.soft([complaints, requests.length], name).toEqual([[], 1]);
      await page.close();
    }
  });
});
