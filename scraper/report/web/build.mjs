// Bundles src/ into ../page.html and the borders of the world into ../basemap.json.
//
// `node build.mjs FOLDER` writes them there instead. Equal sources and package-lock.json give equal
// bytes, which is how the tests know that what is checked in is what stands here.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? join(here, '..');

async function bundled(entry) {
  const result = await build({
    entryPoints: [join(here, 'src', entry)],
    absWorkingDir: here,
    bundle: true,
    minify: true,
    charset: 'ascii',
    legalComments: 'none',
    target: ['es2022'],
    format: 'iife',
    write: false,
  });
  return result.outputFiles[0].text.trim();
}

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function page(script, style) {
  // Between the tags stand exactly the bytes that were hashed.
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) throw new Error('ends its tag');
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const parts = { policy, style: () => style, script: () => script };
  return readFileSync(join(here, 'src', 'page.html'), 'utf8').replace(
    /\{\{(policy|style|script)\}\}/g,
    (_, name) => (typeof parts[name] === 'function' ? parts[name]() : parts[name]),
  );
}

// Countries at 1:50 million, without what a map of places does not show.
function basemap() {
  const atlas = JSON.parse(readFileSync(join(here, 'node_modules/world-atlas/countries-50m.json')));
  const { type, geometries } = atlas.objects.countries;
  const countries = geometries.map(({ type, arcs, properties }) => ({
    type,
    arcs,
    properties: { name: properties.name },
  }));
  const { transform, arcs } = atlas;
  return JSON.stringify({
    type: 'Topology',
    transform,
    objects: { countries: { type, geometries: countries } },
    arcs,
  });
}

writeFileSync(join(target, 'page.html'), page(await bundled('main.ts'), await bundled('style.css')));
writeFileSync(join(target, 'basemap.json'), basemap() + '\n');
