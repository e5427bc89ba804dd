// The report by the rules of WCAG 2.2 AA, as far as axe-core can tell.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { launch, missing, open, Reports } from './chromium.mjs';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

describe('accessibility', { skip: missing() }, () => {
  let browser;
  let reports;
  let town;
  let axe;

  before(async () => {
    browser = await launch();
    reports = new Reports();
    town = reports.report(reports.world('town', 300, 2));
    axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  });
  after(async () => {
    await browser?.close();
    reports?.remove();
  });

  for (const [name, options] of [['paper', {}], ['dark', { colorScheme: 'dark' }], ['phone', phone],
    ['dark phone', { ...phone, colorScheme: 'dark' }]]) {
    it(`has no fault that axe finds: ${name}`, async () => {
      const { page, close } = await open(browser, town, options);
      const faults = async (part) => {
        await page.evaluate(axe);
        const { violations, passes } = await page.evaluate((values) => window.axe.run(document, { runOnly: values }), rules);
        assert.ok(passes.length > 20);
        return violations.map((v) => `${part}: ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' ')}`);
      };
      const found = await faults('places');
      await page.fill('#search', 'hotel');
      await page.click('.row >> nth=0');
      await page.waitForSelector('.details h2');
      found.push(...await faults('details'));
      await page.click('.close');
      await page.waitForSelector('.details', { state: 'hidden' });
      await page.click('nav >> text=The crawl');
      found.push(...await faults('crawl'));
      await page.click('nav >> text=Changes');
      found.push(...await faults('changes'));
      assert.deepEqual(found, []);
      await close();
    });
  }
});
