// A picture of results, where the variables suit: bars of names and numbers, points of latitudes and longitudes.

import { isNumber } from "./results.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST_BARS = 40;
const BAR = 28;

/** Returns what can be drawn of these rows, `{ kind, ... }` with the variables, or undefined. */
export function suitable(head, rows) {
  const filled = rows.length > 0 && rows.every((row) => head.every((name) => row[name]));
  const numbers = head.filter((name) => rows.every((row) => isNumber(row[name])));
  const lat = numbers.find((name) => /^lat(itude)?$/i.test(name));
  const long = numbers.find((name) => /^(long?|lng|longitude)$/i.test(name));
  if (rows.length && lat && long) return { kind: "points", lat, long, label: head.find((name) => name !== lat && name !== long) };
  const names = head.filter((name) => !numbers.includes(name));
  if (!filled || rows.length < 2 || rows.length > MOST_BARS || names.length !== 1 || numbers.length !== 1) return undefined;
  const positive = rows.every((row) => Number(row[numbers[0]].value) >= 0);
  return positive ? { kind: "bars", label: names[0], value: numbers[0] } : undefined;
}

/** Returns the picture as SVG, `width` pixels wide, with a title and the same content in words. */
export function picture(found, rows, { width, title, words }) {
  return found.kind === "bars" ? bars(found, rows, { width, title, words }) : points(found, rows, { width, title, words });
}

function bars({ label, value }, rows, { width, title, words }) {
  const values = rows.map((row) => Number(row[value].value));
  const most = Math.max(...values) || 1;
  const names = rows.map((row) => words(row[label]));
  const side = Math.min(width * 0.45, 16 + 7.5 * Math.max(...names.map((name) => name.length)));
  const room = width - side - 60;
  const svg = frame(width, rows.length * BAR, title, names.map((name, place) => `${name}: ${values[place]}`).join("; "));
  rows.forEach((row, place) => {
    const top = place * BAR;
    const length = Math.max(1, (values[place] / most) * room);
    const longest = Math.floor((side - 12) / 7.2);
    const name = names[place].length > longest ? `${names[place].slice(0, longest - 1)}…` : names[place];
    svg.append(
      shape("text", { x: side - 8, y: top + 18, "text-anchor": "end" }, name),
      shape("rect", { class: "chart-bar", x: side, y: top + 4, width: length, height: BAR - 8 }),
      shape("text", { x: side + length + 6, y: top + 18 }, String(row[value].value)),
    );
  });
  return svg;
}

// Degrees as they are (plate carrée), on a net of 30 degrees: where things lie to each other, not a map of borders.
function points({ lat, long, label }, rows, { width, title, words }) {
  const height = width / 2;
  const name = (row) => (label && row[label] ? words(row[label]) : "");
  const told = rows.map((row) => `${name(row)} ${row[lat].value}, ${row[long].value}`.trim()).join("; ");
  const svg = frame(width, height, title, told);
  for (let line = 0; line <= 12; line += 1) {
    const x = (line / 12) * width;
    const y = (line / 6) * height;
    svg.append(shape("path", { class: "chart-net", d: `M${x} 0V${height}` }));
    if (line <= 6) svg.append(shape("path", { class: "chart-net", d: `M0 ${y}H${width}` }));
  }
  for (const row of rows) {
    const cx = ((Number(row[long].value) + 180) / 360) * width;
    const cy = ((90 - Number(row[lat].value)) / 180) * height;
    svg.append(shape("circle", { class: "chart-point", cx, cy, r: 5 }, shape("title", {}, name(row))));
  }
  return svg;
}

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
