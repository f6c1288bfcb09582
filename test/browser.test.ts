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
    expect(await rows.count()).toBe(3);
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

  it('prints with every fold open and without its controls', async () => {
    const { page } = await opened(sampleReport(), { javaScriptEnabled: false });
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#manifest td').first().isVisible()).toBe(true);
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect(await page.locator('.sign-off').first().isVisible()).toBe(true);
    expect((await page.pdf({ preferCSSPageSize: true })).subarray(0, 5).toString()).toBe('%PDF-');
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
