// The Big List of Naughty Strings as places: scraped, reported and served, and still only text.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { launch, missing, open, placer, Reports } from './chromium.mjs';

const suites = process.env.PLACER_SUITES ?? new URL('../../../shared/suites', import.meta.url).pathname;
const file = join(suites, 'strings/blns.json');
const skip = missing() ?? (existsSync(file) ? undefined : `${file} is missing`);

// A page that states a place for each string, with the string wherever JSON-LD takes a text.
function site(strings) {
  const graph = strings.map((text, i) => ({
    '@type': ['CafeOrCoffeeShop', text],
    branchCode: `${i}`,
    name: text,
    description: text,
    address: { streetAddress: text, addressLocality: text, addressRegion: text, postalCode: text },
    telephone: text, email: text, url: text, image: text, priceRange: text, openingHours: text,
    sameAs: [text, `https://www.facebook.com/${text}`],
    amenityFeature: { name: text, value: true },
    geo: { latitude: 48 + i / 200, longitude: 8 + (i % 20) / 10 },
  }));
  const json = JSON.stringify({ '@context': 'https://schema.org', '@graph': graph }).replaceAll('<', '\\u003c');
  const links = strings.map((text) => `<a href="${text.replace(/[&"<]/g, (c) => `&#${c.charCodeAt(0)};`)}">x</a>`);
  return `<!doctype html><script type="application/ld+json">${json}</script>${links.join('\n')}`;
}

describe('naughty strings', { skip }, () => {
  let browser;
  let reports;
  let db;

  before(async () => {
    browser = await launch();
    reports = new Reports();
    const page = site(JSON.parse(readFileSync(file, 'utf8')));
    const web = createServer((request, response) => {
      response.writeHead(request.url === '/' ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end(request.url === '/' ? page : '');
    });
    await new Promise((resolve) => web.listen(0, '127.0.0.1', resolve));
    db = join(reports.folder, "';alert(1);'<b>.db");
    const job = join(reports.folder, 'job.yaml');
    writeFileSync(job, `job: naughty\nstart: ['http://127.0.0.1:${web.address().port}/']\n`
      + 'politeness: {user_agent: placer-test/1.0, delay: 0, per_host: 8}\nfetch: {private_addresses: allow}\n');
    await promisify(execFile)(placer, ['run', job, '--db', db, '--quiet', '--set', 'scope.traps=follow']);
    web.closeAllConnections();
    await new Promise((resolve) => web.close(resolve));
  });
  after(async () => {
    await browser?.close();
    reports?.remove();
  });

  // Looks at everything that there is to see, and notes whatever of theirs has become alive.
  async function read(url, options) {
    const { page, complaints, close } = await open(browser, url, options);
    const globals = await page.evaluate(() => Object.keys(window).sort());
    const places = Number((await page.textContent('.found')).replace(/\D/g, ''));
    assert.ok(places > 300, `${places} places`);
    for (const words of ['script', 'alert', "'", '<', '\\', '$HOME', '\u202e']) await page.fill('#search', words);
    await page.fill('#search', '');
    for (let seen = 0; seen < places; ) {
      seen = await page.evaluate((from) => {
        const rows = [...document.querySelectorAll('.row')];
        for (const row of rows.slice(from)) row.click();
        document.querySelector('.list .end').scrollIntoView();
        return rows.length;
      }, seen);
    }
    for (const href of await page.$$eval('a[href]', (links) => links.map((a) => a.href))) {
      assert.match(href, /^(https?|tel|mailto|file):/);
    }
    await page.click('nav >> text=The crawl');
    await page.click('nav >> text=Changes');
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    const alive = 'script, style, img, iframe, object, embed, video, audio, form:not(.search), [onerror], [onload], [onclick], [style*="url"]';
    assert.deepEqual(await page.$$eval(`main :is(${alive})`, (found) => found.map((e) => e.outerHTML)), []);
    assert.deepEqual(await page.evaluate(() => Object.keys(window).sort()), globals);
    assert.deepEqual(complaints, []);
    await close();
    return places;
  }

  it('run nothing, load nothing and leave nothing behind in the report', async (test) => {
    test.diagnostic(`${await read(reports.report(db))} places read`);
  });

  it('nor in the page that is served', async () => {
    const server = spawn(placer, ['serve', db, '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const url = await new Promise((resolve) => server.stdout.once('data', (line) => resolve(String(line).trim())));
      await read(url, { colorScheme: 'dark' });
    } finally {
      server.kill('SIGINT');
    }
  });
});
