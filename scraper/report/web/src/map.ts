// The map of the places: a canvas that is dragged, pinched, wheeled and driven by the keyboard.
import { BasemapLayer, turnsOf, worldPixels, type Colours, type View } from './basemap';
import { cluster, type Cluster } from './clusters';
import { h } from './dom';
import { count, counted } from './format';
import { steer } from './gestures';
import { CityLabels, drawLabels, placesFrom, type Box } from './labels';

export interface Positions {
  xs: Float64Array; // in the unit square; NaN: a place without coordinates
  ys: Float64Array;
}

export type Camera = Pick<View, 'x' | 'y' | 'zoom'>;

export interface MapEvents {
  select(place: number): void;
  crowd(places: number[]): void; // several at one point
  moved(): void;
  name(place: number): string;
}

// A cluster and where it is on the screen.
interface Spot {
  x: number;
  y: number;
  radius: number;
  name: string; // of a place that stands alone, where names are shown
  cluster: Cluster;
}

const least = 1;
const most = 19;
const singleRadius = 5.5;

export class PlaceMap {
  readonly element: HTMLElement;
  private readonly canvas = h('canvas', {
    tabindex: 0,
    role: 'application',
    'aria-label': 'Map. Arrow keys move it, plus and minus zoom. The list has the same places.',
  });
  private readonly tip = h('div', { class: 'tip', hidden: true });
  private readonly scale = h('div', { class: 'scale', 'aria-hidden': 'true' });
  private readonly context = this.canvas.getContext('2d')!;
  private readonly view: View = { x: 0.5, y: 0.5, zoom: 2, width: 0, height: 0 };
  private basemap: BasemapLayer | null = null;
  private shown: Uint32Array = new Uint32Array();
  private clusters: Cluster[] = [];
  private clusteredAt = NaN;
  private selected = -1;
  private drawing = false;
  private fitted = false; // to the first places that were shown
  private readonly still = matchMedia('(prefers-reduced-motion: reduce)');

  constructor(
    private readonly positions: Positions,
    private readonly cities: CityLabels,
    private readonly events: MapEvents,
    signal: AbortSignal,
  ) {
    const button = (label: string, sign: string, click: () => void) =>
      h('button', { type: 'button', 'aria-label': label, title: label, onclick: click }, sign);
    this.element = h(
      'div',
      { class: 'map' },
      this.canvas,
      this.tip,
      h(
        'div',
        { class: 'zoom' },
        button('Zoom in', '+', () => this.zoomBy(1)),
        button('Zoom out', '\u2212', () => this.zoomBy(-1)),
        button('Show all places', '\u2922', () => this.fit()),
      ),
      this.scale,
      h('p', { class: 'credit' }, 'Borders: Natural Earth'),
    );
    this.listen(signal);
  }

  get camera(): Camera {
    const { x, y, zoom } = this.view;
    return { x, y, zoom };
  }

  set camera(to: Camera) {
    this.moveTo(to.x, to.y, to.zoom);
  }

  setBasemap(basemap: BasemapLayer): void {
    this.basemap = basemap;
    this.redraw();
  }

  show(places: Uint32Array): void {
    this.shown = places;
    this.clusteredAt = NaN;
    this.canvas.setAttribute(
      'aria-label',
      `Map of ${counted(places.length, 'place')}. Arrow keys move it, plus and minus zoom. ` +
        'The list has the same places.',
    );
    if (!this.fitted) this.fit();
    this.redraw();
  }

  select(place: number): void {
    this.selected = place;
    if (place >= 0 && !Number.isNaN(this.positions.xs[place]) && !this.contains(place)) {
      this.flyTo(this.positions.xs[place], this.positions.ys[place], Math.max(this.view.zoom, 11));
    }
    this.redraw();
  }

  // True for a place within the part of the world that is seen.
  contains(place: number): boolean {
    const x = this.positions.xs[place];
    const y = this.positions.ys[place];
    const halfX = this.view.width / worldPixels(this.view) / 2;
    const halfY = this.view.height / worldPixels(this.view) / 2;
    const dx = Math.abs(x - this.view.x) % 1;
    return Math.min(dx, 1 - dx) <= halfX && Math.abs(y - this.view.y) <= halfY;
  }

  fit(): void {
    const box = [1, 1, 0, 0];
    for (const place of this.shown) {
      const x = this.positions.xs[place];
      if (Number.isNaN(x)) continue;
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], this.positions.ys[place]);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], this.positions.ys[place]);
    }
    if (box[0] > box[2] || this.view.width === 0) return;
    this.fitBox(box as Cluster['box'], 13);
    this.fitted = true;
  }

  resize(): void {
    const { clientWidth, clientHeight } = this.canvas;
    if (clientWidth === 0) return;
    this.view.width = clientWidth;
    this.view.height = clientHeight;
    const ratio = devicePixelRatio || 1;
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    if (!this.fitted) this.fit();
    this.draw(); // at once: resizing has emptied the canvas
  }

  redraw(): void {
    if (this.drawing) return;
    this.drawing = true;
    requestAnimationFrame(() => {
      this.drawing = false;
      this.draw();
    });
  }

  private fitBox(box: Cluster['box'], closest: number): void {
    const [west, north, east, south] = box;
    const wide = (0.82 * this.view.width) / 256 / Math.max(east - west, 1e-12);
    const high = (0.78 * this.view.height) / 256 / Math.max(south - north, 1e-12);
    const zoom = Math.min(closest, Math.log2(Math.min(wide, high)));
    this.flyTo((west + east) / 2, (north + south) / 2, zoom);
  }

  private flyTo(x: number, y: number, zoom: number): void {
    const from = { ...this.view };
    const near = Math.abs(x - from.x) * worldPixels(from) < 3 * from.width;
    if (this.still.matches || !near || this.clusteredAt !== this.clusteredAt) {
      this.moveTo(x, y, zoom);
      return;
    }
    const began = performance.now();
    const step = (now: number) => {
      const t = Math.min(1, Math.max(0, now - began) / 260);
      const eased = 1 - (1 - t) ** 3;
      const z = from.zoom + (zoom - from.zoom) * eased;
      // The way across the screen, not across the world, is what should be even.
      const w = zoom === from.zoom ? eased : (1 - 2 ** -(z - from.zoom)) / (1 - 2 ** -(zoom - from.zoom));
      this.moveTo(from.x + (x - from.x) * w, from.y + (y - from.y) * w, z, t === 1);
      if (t < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  private moveTo(x: number, y: number, zoom: number, ended = true): void {
    this.view.zoom = Math.max(least, Math.min(most, zoom));
    this.view.x = x - Math.floor(x);
    const half = Math.min(0.5, this.view.height / worldPixels(this.view) / 2);
    this.view.y = Math.max(half, Math.min(1 - half, y));
    this.tip.hidden = true;
    this.redraw();
    if (ended) this.events.moved();
  }

  // Keeps the point under (px, py) where it is.
  private zoomAt(px: number, py: number, change: number): void {
    const zoom = Math.max(least, Math.min(most, this.view.zoom + change));
    const before = worldPixels(this.view);
    const after = 256 * 2 ** zoom;
    const dx = px - this.view.width / 2;
    const dy = py - this.view.height / 2;
    this.moveTo(this.view.x + dx / before - dx / after, this.view.y + dy / before - dy / after, zoom);
  }

  private zoomBy(change: number): void {
    this.flyTo(this.view.x, this.view.y, this.view.zoom + change);
  }

  private panBy(dx: number, dy: number): void {
    const scale = worldPixels(this.view);
    this.moveTo(this.view.x + dx / scale, this.view.y + dy / scale, this.view.zoom);
  }

  private colours(): Colours & Record<'accent' | 'accentInk' | 'paper' | 'ink', string> {
    const style = getComputedStyle(this.element);
    const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
    return {
      sea: colour('sea'),
      land: colour('land'),
      border: colour('border'),
      label: colour('muted'),
      halo: colour('land'),
      accent: colour('accent'),
      accentInk: colour('accent-ink'),
      paper: colour('paper'),
      ink: colour('ink'),
    };
  }

  private draw(): void {
    const { context, view } = this;
    if (view.width === 0) return;
    const ratio = this.canvas.width / view.width;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const colours = this.colours();
    if (this.basemap) this.basemap.draw(context, view, colours);
    else {
      context.fillStyle = colours.sea;
      context.fillRect(0, 0, view.width, view.height);
    }
    const step = Math.round(2 * view.zoom) / 2;
    if (step !== this.clusteredAt) {
      this.clusters = cluster(this.shown, this.positions.xs, this.positions.ys, step);
      this.clusteredAt = step;
    }
    const spots = this.spots();
    drawLabels(context, view, this.basemap?.labels ?? [], this.cities, colours, spots, this.covered());
    context.font = '600 11.5px system-ui, sans-serif';
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (const { x, y, radius, cluster: one } of spots) {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = colours.accent;
      context.globalAlpha = one.count > 1 ? 0.9 : 1;
      context.fill();
      context.globalAlpha = 1;
      context.strokeStyle = colours.paper;
      context.lineWidth = 1.5;
      context.stroke();
      if (one.count === 1) continue;
      context.fillStyle = colours.accentInk;
      context.fillText(short(one.count), x, y + 0.5);
    }
    this.drawSelected(colours);
    this.drawScale();
  }

  // Where the buttons, the scale and the credit lie.
  private covered(): Box[] {
    return [...this.element.querySelectorAll<HTMLElement>('.zoom, .scale, .credit')].map((one) => ({
      left: one.offsetLeft,
      top: one.offsetTop,
      right: one.offsetLeft + one.offsetWidth,
      bottom: one.offsetTop + one.offsetHeight,
    }));
  }

  // A round length that takes about a hundred pixels in the middle of the view.
  private drawScale(): void {
    const latitude = Math.atan(Math.sinh(Math.PI * (1 - 2 * this.view.y)));
    const metre = worldPixels(this.view) / (40_075_016 * Math.cos(latitude)); // in pixels
    const most = 110 / metre;
    const power = 10 ** Math.floor(Math.log10(most));
    const length = power * (most >= 5 * power ? 5 : most >= 2 * power ? 2 : 1);
    this.scale.style.width = `${Math.round(length * metre)}px`;
    this.scale.textContent = length >= 1000 ? `${count(length / 1000)} km` : `${count(length)} m`;
  }

  private drawSelected(colours: { accent: string; paper: string; ink: string }): void {
    if (this.selected < 0 || Number.isNaN(this.positions.xs[this.selected])) return;
    for (const [x, y] of this.screen(this.positions.xs[this.selected], this.positions.ys[this.selected])) {
      const { context } = this;
      context.beginPath();
      context.arc(x, y, 11, 0, 2 * Math.PI);
      context.lineWidth = 6;
      context.strokeStyle = colours.paper;
      context.stroke();
      context.lineWidth = 2.5;
      context.strokeStyle = colours.ink;
      context.stroke();
      context.beginPath();
      context.arc(x, y, singleRadius, 0, 2 * Math.PI);
      context.fillStyle = colours.ink;
      context.fill();
    }
  }

  private screen(x: number, y: number): [number, number][] {
    const scale = worldPixels(this.view);
    return turnsOf(this.view).map((turn) => [
      this.view.width / 2 + (x + turn - this.view.x) * scale,
      this.view.height / 2 + (y - this.view.y) * scale,
    ]);
  }

  // The clusters in view and where they are on the screen.
  private spots(): Spot[] {
    const scale = worldPixels(this.view);
    const spots: Spot[] = [];
    const named = this.view.zoom >= placesFrom;
    for (const turn of turnsOf(this.view)) {
      const left = this.view.width / 2 + (turn - this.view.x) * scale;
      const top = this.view.height / 2 - this.view.y * scale;
      for (const one of this.clusters) {
        const x = left + one.x * scale;
        const y = top + one.y * scale;
        if (x < -30 || y < -30 || x > this.view.width + 30 || y > this.view.height + 30) continue;
        const name = named && one.count === 1 ? this.events.name(one.first) : '';
        spots.push({ x, y, radius: radiusOf(one), name: name.length > 30 ? `${name.slice(0, 28)}\u2026` : name, cluster: one });
      }
    }
    return spots;
  }

  private at(px: number, py: number): Cluster | null {
    let best: Cluster | null = null;
    let nearest = Infinity;
    for (const { x, y, radius, cluster: one } of this.spots()) {
      const distance = Math.hypot(px - x, py - y) - radius;
      if (distance < 8 && distance < nearest) {
        nearest = distance;
        best = one;
      }
    }
    return best;
  }

  private click(px: number, py: number): void {
    const hit = this.at(px, py);
    if (!hit) return;
    if (hit.count === 1) {
      this.events.select(hit.first);
      return;
    }
    const [west, north, east, south] = hit.box;
    if (this.view.zoom >= most - 1 || Math.max(east - west, south - north) < 1e-8) {
      const { xs, ys } = this.positions;
      this.events.crowd(
        [...this.shown].filter((i) => xs[i] >= west && xs[i] <= east && ys[i] >= north && ys[i] <= south),
      );
      return;
    }
    const before = this.view.zoom;
    this.fitBox(hit.box, most);
    if (this.view.zoom < before) this.zoomAt(px, py, 1);
  }

  private hover(px: number, py: number): void {
    const hit = this.at(px, py);
    this.canvas.style.cursor = hit ? 'pointer' : '';
    this.tip.hidden = !hit;
    if (!hit) return;
    this.tip.textContent = hit.count === 1 ? this.events.name(hit.first) : counted(hit.count, 'place');
    this.tip.style.left = `${Math.max(4, Math.min(px + 12, this.view.width - this.tip.offsetWidth - 4))}px`;
    this.tip.style.top = `${Math.max(4, py - 34)}px`;
  }

  private listen(signal: AbortSignal): void {
    steer(this.canvas, {
      panBy: (dx, dy) => this.panBy(dx, dy),
      zoomAt: (px, py, change) => this.zoomAt(px, py, change),
      zoomBy: (change) => this.zoomBy(change),
      fit: () => this.fit(),
      click: (px, py) => this.click(px, py),
      hover: (px, py) => this.hover(px, py),
      leave: () => (this.tip.hidden = true),
      occupied: (px, py) => this.at(px, py) !== null,
    });
    new ResizeObserver(() => this.resize()).observe(this.canvas);
    for (const query of ['(prefers-color-scheme: dark)', 'print']) {
      matchMedia(query).addEventListener('change', () => this.draw(), { signal });
    }
  }
}

const radiusOf = (one: Cluster): number =>
  one.count === 1 ? singleRadius : Math.min(26, 10 + 3.2 * Math.log10(one.count) ** 1.25);

function short(n: number): string {
  if (n < 1000) return count(n);
  const thousands = n / 1000;
  return thousands < 10 ? `${thousands.toFixed(1)}k` : `${Math.round(thousands)}k`;
}
