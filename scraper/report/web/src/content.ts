// What the program hands to the page: deflated JSON in base64 within the file, or JSON from the
// server that the page came from.
import type { GeometryCollection, Topology } from 'topojson-specification';

export type Basemap = Topology<{ countries: GeometryCollection<{ name: string }> }>;

export type Tally = [ok: number, redirect: number, error: number];

type Column = (string | number | null)[];

// A column whose texts recur, as it travels; readReport() writes it out.
interface Recurring {
  texts: string[];
  of: (number | null)[];
}

export interface Places {
  count: number;
  fields: string[]; // in the order of the bits of an origin
  columns: Record<string, Column | undefined>;
  origins: {
    urls: string[];
    formats: string[];
    paths: string[];
    of: number[][]; // for each place url, format, path and fields, again and again
  };
}

export interface Run {
  id: number;
  backend: string;
  started_at: string;
  saved_at: string;
  finished_at: string | null;
  outcome: string | null;
  pass_end: string | null;
  pages: number;
  requests: number;
  errors: number;
  retries: number;
  bytes: number;
  new: number;
  changed: number;
  gone: number;
  alarms: string[];
}

export interface Pace {
  requests: number;
  refused: number;
  early: number;
  most_in_flight: number;
  min_gap_ms: number | null;
  min_delay_ms: number | null;
  latency_ms: number;
}

export interface Host {
  host: string;
  places: number;
  queued: number;
  pages: Tally;
  pace: Pace;
}

export interface Change {
  id: string;
  kind: 'new' | 'gone' | 'back' | 'changed';
  name: string | null;
  at: string;
  fields: Record<string, [before: string | null, after: string | null]>;
}

export interface Changes {
  first_pass: boolean;
  since_run: number;
  new: number;
  gone: number;
  back: number;
  changed: number;
  rows: Change[];
}

export interface Report {
  job: string;
  database: string;
  made_at: string;
  program_version: string;
  observations: number;
  queued: number;
  pages: {
    count: number;
    timeline: { start: number; bucket: number; tallies: Tally[] };
    http_statuses: [status: number, count: number][]; // 0: no response
    errors: [error: string, count: number][];
    formats: { format: string; observations: number; pages: number; places: number }[];
    filled: [field: string, count: number][];
  };
  runs: Run[]; // newest first
  hosts: Host[]; // most pages first
  host_count: number;
  politeness: {
    hosts: number;
    requests: number;
    refused: number;
    early: number;
    most_in_flight: number;
    min_gap_ms: number | null;
  };
  filtered: { reason: string; count: number; example: string }[];
  changes: Changes | null;
  places: Places;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const decoder = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  if (decoder.fromBase64) return decoder.fromBase64(base64); // of 2025
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
  return bytes;
}

async function inflated<T>(base64: string): Promise<T> {
  const stream = new Blob([bytesOf(base64)]).stream();
  return new Response(stream.pipeThrough(new DecompressionStream('deflate'))).json();
}

async function asked(path: string): Promise<Response> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response;
}

async function block<T>(id: string, path: string): Promise<T> {
  const element = document.getElementById(id);
  if (element) {
    const text = element.textContent ?? '';
    element.remove(); // its megabytes with it
    return inflated<T>(text);
  }
  return (await asked(path)).json();
}

export const isServed = document.getElementById('content') === null;
export async function readReport(): Promise<Report> {
  const report = await block<Report>('content', '/api/report.json');
  const columns = report.places.columns as Record<string, Column | Recurring>;
  for (const [name, column] of Object.entries(columns)) {
    if (Array.isArray(column)) continue;
    columns[name] = column.of.map((text) => (text === null ? null : column.texts[text]));
  }
  return report;
}
export const readBasemap = (): Promise<Basemap> => block('basemap', '/api/basemap.json');
export const readVersion = async (): Promise<string> => (await asked('/api/version')).text();
