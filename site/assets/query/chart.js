// A picture of results, where the variables suit: bars of names and numbers, points of latitudes and longitudes.

import { isNumber, isPlain } from "./results.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST_BARS = 40;
const MOST_POINTS = 5000;
const BAR = 28;
const MOST_NAMES = 40;
const LETTERS = 13;
const LONGEST_NAME = 200;
const LONGEST_NUMBER = 10;
const DEGREE = 7.2;
const STEPS = [60, 30, 10, 5, 2, 1];
// A point in words (OGC 06-103r4, section 7), in a system of coordinates if it names one (GeoSPARQL 1.1, section 8.5.1).
const WKT = /^\s*(?:<(?<system>[^<>]*)>\s*)?POINT\s*(?:ZM?|M)?\s*\(\s*(?<x>[-+.\de]+)\s+(?<y>[-+.\de]+)(?:\s+[-+.\de]+)*\s*\)\s*$/i;
const LONG_FIRST = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const LAT_FIRST = "http://www.opengis.net/def/crs/EPSG/0/4326";

/**
 * Returns what can be drawn, `{ kind, ... }` with the variables, or undefined; of points also how many rows are `without` one, and
 * whether there are `more` than are drawn.
 */
export function suitable(head, rows) {
  return placed(head, rows) ?? counted(head, rows);
}

function placed(head, rows) {
  const lat = head.find((name) => /^lat(itude)?$/i.test(name));
  const long = head.find((name) => /^(long?|lng|longitude)$/i.test(name));
  const wkt = lat && long ? undefined : head.find((name) => rows.some((row) => pointOf(row[name])));
  if (!wkt && !(lat && long)) return undefined;
  const place = wkt ? (row) => pointOf(row[wkt]) : (row) => placeOf(row[lat], row[long]);
  const spots = rows.map((row) => ({ row, ...place(row) })).filter(({ lat: north }) => north !== undefined);
  const label = head.find((name) => ![wkt, lat, long].includes(name));
  const drawn = spots.slice(0, MOST_POINTS);
  return drawn.length ? { kind: "points", label, spots: drawn, without: rows.length - spots.length, more: spots.length > MOST_POINTS } : undefined;
}

// Beyond the poles, or more than half a turn away, there is no place on the map.
const within = (text, most) => Boolean(text.trim()) && Math.abs(Number(text)) <= most;
const placeOf = (lat, long) =>
  [lat, long].every((term) => isNumber(term) || isPlain(term)) && within(lat.value, 90) && within(long.value, 180)
    ? { lat: lat.value, long: long.value }
    : undefined;

function pointOf(term) {
  const { system = LONG_FIRST, x, y } = (term?.type === "literal" && WKT.exec(term.value)?.groups) || {};
  if (x === undefined || ![LONG_FIRST, LAT_FIRST].includes(system)) return undefined;
  const [lat, long] = system === LAT_FIRST ? [x, y] : [y, x];
  return within(lat, 90) && within(long, 180) ? { lat, long } : undefined;
}

function counted(head, rows) {
  const filled = rows.length > 0 && rows.every((row) => head.every((name) => row[name]));
  const numbers = head.filter((name) => rows.every((row) => isNumber(row[name])));
  const names = head.filter((name) => !numbers.includes(name));
  if (!filled || rows.length < 2 || rows.length > MOST_BARS || names.length !== 1 || numbers.length !== 1) return undefined;
  const finite = rows.every((row) => Number.isFinite(Number(row[numbers[0]].value)));
  return finite ? { kind: "bars", label: names[0], value: numbers[0], rows } : undefined;
}

/** Returns the picture as SVG, `width` pixels wide, with a title and the same content in words. */
export function picture(found, { width, title, words }) {
  return found.kind === "bars" ? bars(found, { width, title, words }) : points(found, { width, title, words });
}

// Bars begin at zero, which is a line where there are any on both sides of it or below it. A number stands on the right of
// its bar, beyond zero too: there each row has room, and its name is on the other side.
function bars({ label, value, rows }, { width, title, words }) {
  const values = rows.map((row) => Number(row[value].value));
  const names = rows.map((row) => words(row[label]));
  const numbers = rows.map((row) => signed(shortened(row[value].value)));
  const room = roomOf();
  const side = Math.min(width * 0.45, 16 + Math.max(...names.map(room)));
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const unit = (width - side - 12 - Math.max(...numbers.map(room))) / (most - least || 1);
  const zero = side - least * unit;
  const told = names.map((name, place) => `${name}: ${signed(values[place])}`).join("; ");
  const svg = frame(width, rows.length * BAR, title, told);
  rows.forEach((_, place) => {
    const top = place * BAR;
    const length = Math.max(1, Math.abs(values[place]) * unit);
    const [start, end] = values[place] < 0 ? [zero - length, zero] : [zero, zero + length];
    svg.append(
      shape("text", { x: side - 8, y: top + 18, "text-anchor": "end" }, fitting(names[place], side - 12, room)),
      shape("rect", { class: "chart-bar", x: start, y: top + 4, width: length, height: BAR - 8 }),
      shape("text", { x: end + 6, y: top + 18 }, numbers[place]),
    );
  });
  if (least < 0) svg.append(shape("path", { class: "chart-zero", d: `M${zero} 0V${rows.length * BAR}` }));
  return svg;
}

// Returns how wide a text is in the letters of the picture.
function roomOf() {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${LETTERS}px ${getComputedStyle(document.documentElement).getPropertyValue("--plain")}`;
  return (text) => pen.measureText(text.slice(0, LONGEST_NAME)).width;
}

function fitting(text, width, room) {
  const letters = [...text.slice(0, LONGEST_NAME)];
  while (letters.length > 1 && room(text) > width) {
    letters.pop();
    text = `${letters.join("").trimEnd()}…`;
  }
  return text;
}

const shortened = (text) => (text.length > LONGEST_NUMBER ? Number(Number(text).toPrecision(6)) : text);
// A hyphen is not read aloud everywhere.
const signed = (number) => String(number).replaceAll("-", "−");

// Degrees as they are (plate carrée), on a net of degrees: where things lie to each other, not a map of borders.
function points({ label, spots: found }, { width, title, words }) {
  const name = (row) => (label && row[label] ? words(row[label]) : "");
  const told = found.map(({ row, lat, long }) => `${name(row)} ${lat}, ${long}`.trim()).join("; ");
  const view = viewOf(found.map(({ long }) => Number(long)), found.map(({ lat }) => Number(lat)), width);
  const svg = frame(width, view.height, title, told);
  svg.append(...net(view, width));
  const spots = found.map(({ row, lat, long }) => [view.x(Number(long)), view.y(Number(lat)), name(row)]);
  for (const [cx, cy, text] of spots) svg.append(shape("circle", { class: "chart-point", cx, cy, r: 5 }, shape("title", {}, text)));
  const room = roomOf();
  const taken = spots.map(([cx, cy]) => ({ left: cx - 5, top: cy - 8, width: 10 }));
  for (const [cx, cy, text] of spots.slice(0, MOST_NAMES)) {
    const place = placesOf(room(text), cx, cy, width).find((each) => !taken.some((other) => overlap(each, other)));
    if (!place) continue;
    taken.push(place);
    svg.append(shape("text", { x: place.x, y: place.top + 12, "text-anchor": place.anchor }, text));
  }
  return svg;
}

// Where a name may stand: on the right of its point, on the left, above, below, as far as it is within the picture.
function placesOf(room, cx, cy, width) {
  const places = [
    { anchor: "start", x: cx + 9, left: cx + 9, top: cy - 8 },
    { anchor: "end", x: cx - 9, left: cx - 9 - room, top: cy - 8 },
    { anchor: "middle", x: cx, left: cx - room / 2, top: cy - 24 },
    { anchor: "middle", x: cx, left: cx - room / 2, top: cy + 8 },
  ];
  return places.map((each) => ({ ...each, width: room })).filter(({ left }) => left >= 0 && left + room <= width);
}

// The part of the world in which the points lie, with room about them.
function viewOf(longs, lats, width) {
  const [west, east] = spread(longs);
  const [south, north] = spread(lats);
  const height = Math.round(Math.min(Math.max((width * (north - south)) / (east - west), width * 0.4), width * 0.7));
  const degree = Math.max((east - west) / width, (north - south) / height);
  const x = (value) => width / 2 + (value - (west + east) / 2) / degree;
  const y = (value) => height / 2 - (value - (south + north) / 2) / degree;
  return { height, degree, x, y, step: STEPS.find((step) => (width * degree) / step >= 3) ?? STEPS.at(-1) };
}

function spread(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((most - least) * 0.15, 2);
  return [least - room, most + room];
}

function net({ height, x, y, step }, width) {
  const lines = [];
  for (let value = -180; value <= 180; value += step) {
    if (x(value) > 0 && x(value) < width) {
      lines.push(shape("path", { class: "chart-net", d: `M${x(value)} ${Math.max(y(90), 0)}V${Math.min(y(-90), height)}` }));
      const text = degrees(value);
      const place = x(value) + 3 + DEGREE * text.length > width ? { x: x(value) - 3, "text-anchor": "end" } : { x: x(value) + 3 };
      lines.push(shape("text", { class: "chart-degrees", ...place, y: height - 4 }, text));
    }
    if (Math.abs(value) <= 90 && y(value) > 0 && y(value) < height) {
      lines.push(shape("path", { class: "chart-net", d: `M${Math.max(x(-180), 0)} ${y(value)}H${Math.min(x(180), width)}` }));
      const above = y(value) > 14 ? y(value) - 3 : y(value) + 12;
      if (y(value) < height - 20) lines.push(shape("text", { class: "chart-degrees", x: 3, y: above }, degrees(value)));
    }
  }
  return lines;
}

const degrees = (value) => `${signed(value)}°`;
const overlap = (one, other) =>
  Math.abs(one.top - other.top) < 15 && one.left < other.left + other.width && other.left < one.left + one.width;

function frame(width, height, title, description) {
  const attributes = { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-labelledby": "chart-title chart-words" };
  return shape("svg", attributes, shape("title", { id: "chart-title" }, title), shape("desc", { id: "chart-words" }, description));
}

function shape(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
