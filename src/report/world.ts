/** The world on a flat sheet: outlines of land and borders, and where a place lies. Natural Earth's data as published on npm; nothing is fetched. */
import { createRequire } from 'node:module';
import { geoCircle, geoEqualEarth, geoPath } from 'd3-geo';
import { feature, mesh } from 'topojson-client';

const require = createRequire(import.meta.url);

type Topology = Parameters<typeof mesh>[0];
type Countries = Exclude<Parameters<typeof mesh>[1], undefined>;

/** In pixels; from the north down to Cape Horn: the few who call from below stand at the edge. */
export const sheet = { width: 1190, height: 517 };

const projection = geoEqualEarth().fitWidth(sheet.width, { type: 'Sphere' });
/** A tenth of a pixel: more is not seen, and bytes differ nowhere. */
const path = geoPath(projection).digits(1);

const southernmost = -60;

/** Outlines as paths of SVG, about 90 kB; read only where a map is drawn. */
export const outlines = (): { land: string; borders: string } => {
  const world = require('world-atlas/countries-110m.json') as Topology;
  const { countries, land } = world.objects;
  const drawn = feature(world, land!);
  const parts = 'features' in drawn ? drawn.features : [drawn];
  const polygons = parts.flatMap(({ geometry }) => (geometry.type === 'MultiPolygon' ? geometry.coordinates : []));
  const coordinates = polygons.filter(([outer = []]) => outer.some(([, latitude = 0]) => latitude > southernmost));
  return {
    land: path({ type: 'MultiPolygon', coordinates }) ?? '',
    borders: path(mesh(world, countries as Countries, (a, b) => a !== b)) ?? '',
  };
};

const tenth = (value: number): number => Math.round(value * 10) / 10;

export const pointAt = (latitude: number, longitude: number): { x: number; y: number } => {
  const [x, y] = projection([longitude, latitude]) ?? [0, 0];
  return { x: tenth(x), y: Math.min(tenth(y), sheet.height - 12) };
};

const degree = 111.2; // Kilometres, on a great circle.

/** What is vague by itself needs no part of a pixel. */
const roughly = geoPath(projection).digits(0);

/** All that lies within so many kilometres, as a path. */
export const circleAround = ({ latitude, longitude }: { latitude: number; longitude: number }, km: number): string => {
  const circle = geoCircle().center([longitude, latitude]).precision(12);
  return roughly(circle.radius(km / degree)()) ?? '';
};

/** How many pixels those kilometres are, about. */
export const pixels = (km: number): number => ((km / degree) * sheet.width) / 360;
