// Land, borders and names of countries, drawn on a canvas.
import { feature, merge, mesh } from 'topojson-client';
import type { Position } from 'geojson';
import type { Basemap } from './content';

export interface View {
  x: number; // of the centre, in the unit square of Web Mercator
  y: number;
  zoom: number; // the world is 256 * 2^zoom pixels wide
  width: number; // pixels
  height: number;
}

export const worldPixels = (view: View): number => 256 * 2 ** view.zoom;

const farthest = 85.0511; // degrees; where Web Mercator ends
export const mercatorX = (lon: number): number => (lon + 180) / 360;
export function mercatorY(lat: number): number {
  const radians = (Math.max(-farthest, Math.min(farthest, lat)) * Math.PI) / 180;
  return 0.5 - Math.log(Math.tan(Math.PI / 4 + radians / 2)) / (2 * Math.PI);
}

interface Line {
  xy: Float64Array; // x, y, x, y, ...
  west: number;
  north: number;
  east: number;
  south: number;
}

interface Label {
  name: string;
  x: number;
  y: number;
  width: number; // of the country, of the world's
}

// Lines that cross the 180th meridian go on beyond the unit square. One that goes around the world
// (Antarctica's coast) is closed along the square's lower edge.
function lineOf(positions: Position[]): Line {
  const xs: number[] = [];
  const ys: number[] = [];
  let turn = 0;
  positions.forEach(([lon, lat], i) => {
    if (i > 0 && Math.abs(lon - positions[i - 1][0]) > 180) turn += lon < 0 ? 1 : -1;
    xs.push(mercatorX(lon) + turn);
    ys.push(mercatorY(lat));
  });
  if (turn !== 0) {
    xs.push(xs[xs.length - 1], xs[0]);
    ys.push(1, 1);
  }
  const xy = new Float64Array(2 * xs.length);
  const line = { xy, west: Infinity, north: Infinity, east: -Infinity, south: -Infinity };
  xs.forEach((x, i) => {
    const y = ys[i];
    xy[2 * i] = x;
    xy[2 * i + 1] = y;
    line.west = Math.min(line.west, x);
    line.east = Math.max(line.east, x);
    line.north = Math.min(line.north, y);
    line.south = Math.max(line.south, y);
  });
  return line;
}

// In the middle of a country's largest part.
function labelOf(name: string, polygons: Position[][][]): Label | null {
  let widest: Line | null = null;
  for (const polygon of polygons) {
    const line = lineOf(polygon[0]);
    const area = (l: Line) => (l.east - l.west) * (l.south - l.north);
    if (!widest || area(line) > area(widest)) widest = line;
  }
  if (!widest) return null;
  return {
    name,
    x: ((widest.west + widest.east) / 2 + 1) % 1,
    y: (widest.north + widest.south) / 2,
    width: widest.east - widest.west,
  };
}

export interface Colours {
  sea: string;
  land: string;
  border: string;
  label: string;
  halo: string;
}

export class BasemapLayer {
  private readonly rings: Line[];
  private readonly borders: Line[];
  readonly labels: Label[] = [];

  constructor(topology: Basemap) {
    const countries = topology.objects.countries;
    const land = merge(topology, countries.geometries as never);
    this.rings = land.coordinates.flat().map(lineOf);
    this.borders = mesh(topology, countries as never, (a, b) => a !== b).coordinates.map(lineOf);
    for (const { geometry, properties } of feature(topology, countries).features) {
      const polygons =
        geometry.type === 'MultiPolygon'
          ? geometry.coordinates
          : geometry.type === 'Polygon'
            ? [geometry.coordinates]
            : [];
      const label = labelOf(properties.name, polygons);
      if (label) this.labels.push(label);
    }
  }

  draw(context: CanvasRenderingContext2D, view: View, colours: Colours): void {
    context.fillStyle = colours.sea;
    context.fillRect(0, 0, view.width, view.height);
    context.lineJoin = 'round';
    const turns = turnsOf(view);
    for (const turn of [turns[0] - 1, ...turns, turns[turns.length - 1] + 1]) {
      context.beginPath();
      for (const ring of this.rings) trace(context, view, ring, turn);
      context.fillStyle = colours.land;
      context.fill('evenodd');
      context.strokeStyle = colours.border;
      context.lineWidth = 0.6;
      context.stroke();
      context.beginPath();
      for (const border of this.borders) trace(context, view, border, turn);
      context.lineWidth = view.zoom < 4 ? 0.7 : 1.2;
      context.stroke();
    }
  }
}

// The copies of the world that the view shows: it may lie across the 180th meridian.
export function turnsOf(view: View): number[] {
  const half = view.width / worldPixels(view) / 2;
  const turns: number[] = [];
  for (let turn = Math.floor(view.x - half); turn <= Math.floor(view.x + half); ++turn) {
    turns.push(turn);
  }
  return turns;
}

// Leaves out what is outside the view, and points within a pixel of the one before.
function trace(context: CanvasRenderingContext2D, view: View, line: Line, turn: number): void {
  const scale = worldPixels(view);
  const left = view.width / 2 - (view.x - turn) * scale;
  const top = view.height / 2 - view.y * scale;
  if (left + line.east * scale < 0 || left + line.west * scale > view.width) return;
  if (top + line.south * scale < 0 || top + line.north * scale > view.height) return;
  if ((line.east - line.west) * scale < 0.7 && (line.south - line.north) * scale < 0.7) return;
  const { xy } = line;
  let x = left + xy[0] * scale;
  let y = top + xy[1] * scale;
  context.moveTo(x, y);
  for (let i = 2; i < xy.length; i += 2) {
    const nextX = left + xy[i] * scale;
    const nextY = top + xy[i + 1] * scale;
    if (Math.abs(nextX - x) + Math.abs(nextY - y) < 1 && i + 2 < xy.length) continue;
    x = nextX;
    y = nextY;
    context.lineTo(x, y);
  }
}
