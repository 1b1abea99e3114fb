/** The usage page: what `cope-lsp stats --json` says, as HTML without scripts or anything from elsewhere. */
import { money } from './money';
import type { Translate } from './translate';

/** What the server's program prints. */
export interface Statistics {
  readonly requests: number;
  readonly usd: number;
  readonly calls: number;
  readonly seconds_median: number;
  readonly by_stage: Readonly<Record<string, number>>;
  readonly by_ending: Readonly<Record<string, number>>;
  readonly by_delivery: Readonly<Record<string, number>>;
  readonly by_model_usd: Readonly<Record<string, number>>;
  readonly cached_plans: number;
  readonly cached_solutions: number;
  readonly input_tokens: number;
  readonly cached_tokens: number;
  readonly output_tokens: number;
  readonly days?: readonly Day[];
}

/** One calendar day. */
export interface Day {
  readonly date: string;
  readonly requests: number;
  readonly usd: number;
  readonly by_stage: Readonly<Record<string, number>>;
}

/** How the page is made: the days that it covers, its language, and a nonce for its one style sheet. */
export interface Frame {
  readonly t: Translate;
  readonly days: number;
  readonly language: string;
  readonly nonce: string;
}

/** A row of a chart: a bar of one piece or several, each in the colour of its place, and the same in words. */
interface Bar {
  readonly name: string;
  readonly pieces: readonly Piece[];
  readonly label: string;
}

interface Piece {
  readonly value: number;
  readonly colour: number;
}

/** The whole page. */
export function usagePage(found: Statistics, { t, days, language, nonce }: Frame): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'`;
  const title = t('Usage of the last {0} days', days);
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(title)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${summary(t, found)}
${daily(t, found.days ?? [], Object.keys(found.by_stage))}
${chart(t('Share of requests by stage'), inTheirColours(shares(found.by_stage, found.requests)))}
${chart(t('How requests ended'), shares(found.by_ending, found.requests))}
${chart(t('What became of edits'), shares(found.by_delivery, found.requests))}
${chart(t('Money by model'), amounts(t, found.by_model_usd))}
${chart(t('Answered from the store'), stored(t, found))}
</main>
</body>
</html>`;
}

/** Text as it may stand in HTML, also in an attribute. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function summary(t: Translate, found: Statistics): string {
  const facts: [string, string][] = [
    [t('Requests'), String(found.requests)],
    [t('Half of them within'), t('{0} s', found.seconds_median.toFixed(1))],
    [t('Money'), money(t, found.usd)],
    [t('Paid calls'), String(found.calls)],
    [t('Tokens in'), t('{0} ({1} cached)', found.input_tokens, found.cached_tokens)],
    [t('Tokens out'), String(found.output_tokens)],
  ];
  const rows = facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`);
  return `<dl>${rows.join('')}</dl>`;
}

function daily(t: Translate, days: readonly Day[], stages: readonly string[]): string {
  const requests = days.map(({ date, requests: whole, by_stage: counts }) => {
    const answered = Object.entries(counts);
    const pieces = answered.map(([stage, value]) => ({ value, colour: 1 + stages.indexOf(stage) }));
    const rest = whole - pieces.reduce((sum, { value }) => sum + value, 0);
    const label = [String(whole), ...answered.map(([stage, value]) => `${stage} ${value}`)].join(' · ');
    return { name: date, pieces: [...pieces, { value: rest, colour: 0 }], label };
  });
  const spent = days.map(({ date, usd }) => bar(date, usd, money(t, usd)));
  return chart(t('Requests by day and stage'), requests) + chart(t('Money by day'), spent);
}

function bar(name: string, value: number, label: string): Bar {
  return { name, pieces: [{ value, colour: 1 }], label };
}

/** Each row in a colour of its own, as its stage has it in the chart of days. */
function inTheirColours(bars: readonly Bar[]): Bar[] {
  return bars.map((each, number) => ({
    ...each,
    pieces: each.pieces.map(({ value }) => ({ value, colour: 1 + number })),
  }));
}

function shares(counts: Readonly<Record<string, number>>, whole: number): Bar[] {
  return Object.entries(counts).map(([name, value]) => {
    const label = whole > 0 ? `${value} (${Math.round((100 * value) / whole)} %)` : String(value);
    return bar(name, value, label);
  });
}

function amounts(t: Translate, usd: Readonly<Record<string, number>>): Bar[] {
  return Object.entries(usd).map(([name, value]) => bar(name, value, money(t, value)));
}

function stored(t: Translate, found: Statistics): Bar[] {
  if (found.requests === 0) return [];
  return shares({ [t('plan')]: found.cached_plans, [t('solution')]: found.cached_solutions }, found.requests);
}

/** A table whose bars are drawn beside numbers that say the same. */
function chart(title: string, bars: readonly Bar[]): string {
  if (bars.length === 0) return '';
  const most = Math.max(...bars.map(({ pieces }) => length(pieces)), Number.MIN_VALUE);
  const rows = bars.map(({ name, pieces, label }) => {
    const drawn = drawing(pieces, 100 / most);
    return `<tr><th scope="row">${escaped(name)}</th><td>${drawn}</td><td>${escaped(label)}</td></tr>`;
  });
  return `<table><caption>${escaped(title)}</caption><tbody>${rows.join('')}</tbody></table>`;
}

function length(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { value }) => sum + value, 0);
}

function drawing(pieces: readonly Piece[], scale: number): string {
  const rectangles = pieces.map(({ value, colour }, number) => {
    const start = (length(pieces.slice(0, number)) * scale).toFixed(1);
    return `<rect class="colour${colour}" x="${start}" width="${(value * scale).toFixed(1)}" height="10"/>`;
  });
  return `<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${rectangles.join('')}</svg>`;
}

const STYLE = `
body { font: var(--vscode-font-weight) var(--vscode-font-size) var(--vscode-font-family);
  color: var(--vscode-foreground); background: var(--vscode-editor-background); padding: 0 2em 2em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3em 1.5em; }
dd { margin: 0; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; margin-top: 1.5em; max-width: 50em; width: 100%; }
caption { text-align: left; font-size: 1.15em; padding-bottom: .4em; }
th { text-align: left; font-weight: normal; width: 12em; overflow-wrap: anywhere; }
td:last-child { width: 14em; text-align: right; font-variant-numeric: tabular-nums; }
th, td { padding: .2em .6em .2em 0; }
svg { display: block; width: 100%; height: .9em; border: 1px solid var(--vscode-contrastBorder, transparent); }
rect { fill: var(--vscode-charts-blue, var(--vscode-foreground)); }
.colour0 { fill: var(--vscode-descriptionForeground); }
.colour2 { fill: var(--vscode-charts-orange); }
.colour3 { fill: var(--vscode-charts-green); }
.colour4 { fill: var(--vscode-charts-purple); }
`;
