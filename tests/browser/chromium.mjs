// Debian's chromium, driven by playwright-core; and the reports it opens.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

export const browserPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const placer = process.env.PLACER;
const writeWorld = process.env.WRITE_WORLD;

// Why these tests cannot run here; undefined: they can.
export function missing() {
  if (!existsSync(browserPath)) return `no chromium at ${browserPath}`;
  if (!placer || !writeWorld) return 'PLACER and WRITE_WORLD name no programs';
  return undefined;
}

export const launch = () =>
  chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] });

// A folder of databases and the reports made of them.
export class Reports {
  folder = mkdtempSync(join(tmpdir(), 'placer-report-'));

  // Returns the database's path. `sql` is run on it afterwards.
  world(name, places, passes = 1, sql = '') {
    const db = join(this.folder, `${name}.db`);
    execFileSync(writeWorld, [db, String(places), String(passes)]);
    if (sql) execFileSync('sqlite3', [db], { input: sql });
    return db;
  }

  report(db) {
    const file = db.replace(/\.db$/, '.html');
    execFileSync(placer, ['report', db, '-o', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    return file;
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// Opens a page that may ask for nothing but itself, and notes whatever it complains of.
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const complaints = [];
  const own = url.startsWith('/') ? pathToFileURL(url).href : url;
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const wanted = request.url();
    if (wanted.startsWith('data:') || wanted.split('#')[0] === own.split('#')[0]) return;
    if (!own.startsWith('file:') && new URL(wanted).origin === new URL(own).origin) return;
    complaints.push(`request: ${wanted}`);
  });
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(own);
  await page.waitForSelector('#app:not([aria-busy])');
  // Milliseconds that the page's main thread has computed so far.
  const processorTime = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * metrics.find(({ name }) => name === 'ThreadTime').value;
  };
  return { page, complaints, processorTime, close: () => context.close() };
}
