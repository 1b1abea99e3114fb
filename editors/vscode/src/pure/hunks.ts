/** The parts of a proposed change, and where they stand in a text that may have moved on. */
import type { Position, TextEdit } from '../protocol';

/** One part: the characters from `start` to `end` of a text become `newText`. */
export interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** The first and the last line that a hunk touches. */
export interface Lines {
  readonly first: number;
  readonly last: number;
}

/** The edits for a text as hunks in their order; those that meet on a line are one. */
export function hunksOf(text: string, edits: readonly TextEdit[]): Hunk[] {
  const starts = lineStarts(text);
  const found = edits
    .map(({ range, newText }) => ({
      start: offsetAt(text, starts, range.start),
      end: offsetAt(text, starts, range.end),
      newText,
    }))
    .sort((one, other) => one.start - other.start || one.end - other.end);
  const hunks: Hunk[] = [];
  for (const hunk of found) {
    const last = hunks.at(-1);
    if (last !== undefined && !text.slice(last.end, hunk.start).includes('\n')) {
      const between = text.slice(last.end, hunk.start);
      hunks[hunks.length - 1] = { ...last, end: hunk.end, newText: last.newText + between + hunk.newText };
    } else {
      hunks.push(hunk);
    }
  }
  return hunks;
}

/** The text after some of its hunks. */
export function applied(text: string, hunks: readonly Hunk[]): string {
  return [...hunks]
    .sort((one, other) => other.start - one.start)
    .reduce((now, { start, end, newText }) => now.slice(0, start) + newText + now.slice(end), text);
}

/** The hunks of `base` where they stand in `now`; undefined where a line of which they replace something was changed. */
export function moved(base: string, now: string, hunks: readonly Hunk[]): Hunk[] | undefined {
  if (base === now) return [...hunks];
  const shift = now.length - base.length;
  const [before, after] = unchanged(base, now);
  const there: Hunk[] = [];
  for (const hunk of hunks) {
    const { start, end } = ground(base, hunk);
    if (end <= before) there.push(hunk);
    else if (start >= after) there.push({ ...hunk, start: hunk.start + shift, end: hunk.end + shift });
    else return undefined;
  }
  return there;
}

/** The lines of a text that a hunk touches; for one that only adds, the line that it adds at. */
export function linesOf(text: string, { start, end }: Hunk): Lines {
  const ended = end > start && text[end - 1] === '\n' ? end - 1 : end;
  return { first: lineAt(text, start), last: lineAt(text, ended) };
}

/** Where an offset is, as an editor says it. */
export function positionAt(text: string, offset: number): Position {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return { line: lineAt(text, offset), character: offset - start };
}

/** What must not change under a hunk: its whole lines with their ends; for one that only adds, nothing. */
function ground(text: string, { start, end }: Hunk): { start: number; end: number } {
  if (start === end) return { start, end };
  const closing = text.indexOf('\n', end - 1);
  return {
    start: text.lastIndexOf('\n', start - 1) + 1,
    end: closing === -1 ? text.length + 1 : closing + 1, // a last line without an end may always go on
  };
}

/** How far both texts begin alike, and from which offset of the first one on they end alike. */
function unchanged(base: string, now: string): [before: number, after: number] {
  const most = Math.min(base.length, now.length);
  let before = 0;
  while (before < most && base[before] === now[before]) before++;
  let alike = 0;
  while (alike < most - before && base[base.length - 1 - alike] === now[now.length - 1 - alike]) alike++;
  return [before, base.length - alike];
}

function lineAt(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function offsetAt(text: string, starts: readonly number[], { line, character }: Position): number {
  const start = starts[line];
  if (start === undefined) return text.length;
  return Math.min(start + character, starts[line + 1] ?? text.length);
}
