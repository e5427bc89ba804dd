// Numbers, times and names as people read them. Times are UTC, as in the database.

const grouped = new Intl.NumberFormat('en');
export const count = (n: number): string => grouped.format(n);

export const counted = (n: number, one: string, many = one + 's'): string =>
  `${count(n)} ${n === 1 ? one : many}`;

export function percent(part: number, whole: number): string {
  if (whole === 0) return '\u2013';
  const share = (100 * part) / whole;
  if (part > 0 && share < 1) return '< 1 %';
  if (part < whole && share > 99) return '> 99 %';
  return `${Math.round(share)} %`;
}

export function bytes(n: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (n >= 1024 && unit < units.length - 1) {
    n /= 1024;
    ++unit;
  }
  return `${unit === 0 || n >= 100 ? Math.round(n) : n.toFixed(1)} ${units[unit]}`;
}

export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const s = ms / 1000;
  if (s < 60) return `${s < 10 ? Number(s.toFixed(1)) : Math.round(s)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${Math.round(s % 60)} s`;
  const hours = Math.floor(s / 3600);
  if (hours < 48) return `${hours} h ${Math.round((s % 3600) / 60)} min`;
  return `${Math.round(hours / 24)} days`;
}

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
const minute = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
});

export const date = (text: string): string => day.format(new Date(text));
export const moment = (text: string): string => `${minute.format(new Date(text))} UTC`;
export const clock = (seconds: number, withSeconds: boolean): string =>
  new Date(1000 * seconds).toISOString().slice(11, withSeconds ? 19 : 16);

// 'amenity=fast_food' -> 'Fast food'
export function category(tag: string): string {
  const [key, value = ''] = tag.split('=', 2);
  const word = value === '' || value === 'yes' ? key : value;
  const text = word.replace(/_/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const fieldNames: Record<string, string> = {
  ref: 'Reference',
  schema_type: 'Schema.org type',
  addr_full: 'Address',
  addr_housenumber: 'House number',
  addr_street: 'Street',
  addr_unit: 'Unit',
  addr_city: 'City',
  addr_state: 'State',
  addr_postcode: 'Postcode',
  addr_country: 'Country',
  lat: 'Latitude',
  lon: 'Longitude',
  opening_hours: 'Opening hours',
  rating_scale: 'Best rating',
  rating_count: 'Ratings',
  price_range: 'Price range',
  socials: 'Social networks',
  tags: 'Further tags',
  operating_status: 'Operating status',
  gone_since: 'Gone since',
};

export const field = (name: string): string =>
  fieldNames[name] ?? name.charAt(0).toUpperCase() + name.slice(1);

const reasons: Record<string, string> = {
  host: 'Outside the job\u2019s hosts',
  include: 'Not among the paths the job includes',
  exclude: 'Excluded by the job',
  depth: 'Too many links away from a start',
  'max-pages': 'The job\u2019s limit on pages was reached',
  'max-pages-per-host': 'The limit on pages of one host was reached',
  robots: 'Disallowed by robots.txt',
  nofollow: 'The page asked not to follow the link',
  redirects: 'Redirected too often',
  'url-length': 'The URL is too long',
  trap: 'Looks like an endless series of pages',
  'not-due': 'Not due for another visit yet',
};

export const reason = (name: string): string => reasons[name] ?? name;

export function hostOf(url: string): string {
  try {
    return new URL(url).hostname;
  } catch {
    return '';
  }
}
