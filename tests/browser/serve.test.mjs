// placer serve in chromium: the same page, following the database.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
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

  it('refuses names that are not this machine\u2019s', async () => {
    const { port } = new URL(url);
    const status = execFileSync('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', '--resolve', `evil.test:${port}:127.0.0.1`, `http://evil.test:${port}/`]);
    assert.equal(String(status), '421');
  });
});
