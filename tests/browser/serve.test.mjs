// placer serve in chromium: the same page, following the database.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { launch, missing, open, placer, Reports } from './chromium.mjs';

describe('serve', { skip: missing() }, () => {
  let browser;
  let reports;
  let server;
  let url;
  let db;

  before(async () => {
    browser = await launch();
    reports = new Reports();
    db = reports.world('live', 200);
    server = spawn(placer, ['serve', db, '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
    url = await new Promise((resolve) => server.stdout.once('data', (line) => resolve(String(line).trim())));
  });
  after(async () => {
    await browser?.close();
    const ended = new Promise((resolve) => server?.once('exit', resolve));
    server?.kill('SIGINT');
    assert.equal(await ended, 0);
    reports?.remove();
  });

  it('shows the page, asks only its own server, and follows the database', async () => {
    const { page, complaints, close } = await open(browser, url);
    await page.fill('#search', 'hotel');
    await page.click('.row >> nth=0');
    const before = await page.textContent('.details h2');
    execFileSync('sqlite3', [db], { input: "UPDATE place SET name = 'Hotel Neu ' || name;" });
    await page.waitForFunction(() => document.querySelector('.details h2')?.textContent.startsWith('Hotel Neu'), null, { timeout: 15000 });
    assert.match(await page.textContent('.details h2'), new RegExp(before.replace(/\d+$/, '')));
    assert.equal(await page.inputValue('#search'), 'hotel');
    assert.deepEqual(complaints, []);
    await close();
  });

  it('says that the server is away, and goes on when it is back', async () => {
    const port = new URL(url).port;
    const { page, close } = await open(browser, url);
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGINT');
    await ended;
    await page.waitForSelector('.lost:not(:empty)');
    assert.match(await page.textContent('.lost'), /does not answer/);
    execFileSync('sqlite3', [db], { input: "UPDATE place SET name = 'Back';" });
    server = spawn(placer, ['serve', db, '--port', port], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => server.stdout.once('data', resolve));
    await page.waitForFunction(() => document.querySelector('.row .name').textContent === 'Back');
    await page.waitForSelector('.lost', { state: 'hidden' });
    await close();
  });

  it('follows a run', async () => {
    const site = createServer((request, response) => {
      const n = Number(request.url.slice(1));
      response.writeHead(n >= 0 && n < 40 ? 200 : 404, { 'Content-Type': 'text/html' });
      const place = { '@context': 'https://schema.org', '@type': 'Hotel', name: `Hotel ${n}`, telephone: `+49301234${100 + n}` };
      setTimeout(() => response.end(`<a href=/${n + 1}>next</a><script type="application/ld+json">${JSON.stringify(place)}</script>`), 150);
    });
    await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
    const live = join(reports.folder, 'run.db');
    const job = join(reports.folder, 'run.yaml');
    writeFileSync(job, `job: live\nstart: ['http://127.0.0.1:${site.address().port}/0']\nscope: {max_depth: 100}\n`
      + 'politeness: {user_agent: placer-test/1.0, delay: 0}\nfetch: {private_addresses: allow}\n');
    const run = spawn(placer, ['run', job, '--db', live, '--log', 'text'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const done = new Promise((resolve) => run.once('exit', resolve));
    await new Promise((resolve) => run.stderr.on('data', (lines) => String(lines).includes('/2 ') && resolve()));
    const own = spawn(placer, ['serve', live, '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const at = await new Promise((resolve) => own.stdout.once('data', (line) => resolve(String(line).trim())));
    const { page, complaints, close } = await open(browser, at);
    assert.match(await page.textContent('.facts'), /a run goes on/);
    const before = (await page.$$('.row')).length;
    assert.ok(before < 40);
    assert.equal(await done, 0);
    await page.waitForFunction(() => document.querySelectorAll('.row').length === 40, null, { timeout: 15000 });
    await page.waitForFunction(() => document.querySelector('.facts').textContent.includes('last run'), null, { timeout: 15000 });
    assert.deepEqual(complaints, []);
    await close();
    own.kill('SIGINT');
    site.closeAllConnections();
    site.close();
  });

  it('refuses names that are not this machine\u2019s', async () => {
    const { port } = new URL(url);
    const status = execFileSync('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', '--resolve', `evil.test:${port}:127.0.0.1`, `http://evil.test:${port}/`]);
    assert.equal(String(status), '421');
  });
});
