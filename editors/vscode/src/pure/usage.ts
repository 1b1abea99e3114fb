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
}

/** How the page is made: the days that it covers, its language, and a nonce for its one style sheet. */
export interface Frame {
  readonly t: Translate;
  readonly days: number;
  readonly language: string;
  readonly nonce: string;
}

interface Bar {
  readonly name: string;
  readonly value: number;
  readonly label: string;
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
${daily(t, found.days ?? [])}
${chart(t('Share of requests by stage'), shares(found.by_stage, found.requests))}
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

function daily(t: Translate, days: readonly Day[]): string {
  const requests = days.map(({ date, requests: value }) => ({ name: date, value, label: String(value) }));
  const spent = days.map(({ date, usd }) => ({ name: date, value: usd, label: money(t, usd) }));
  return chart(t('Requests by day'), requests) + chart(t('Money by day'), spent);
}

function shares(counts: Readonly<Record<string, number>>, whole: number): Bar[] {
  return Object.entries(counts).map(([name, value]) => ({
    name,
    value,
    label: whole > 0 ? `${value} (${Math.round((100 * value) / whole)} %)` : String(value),
  }));
}

function amounts(t: Translate, usd: Readonly<Record<string, number>>): Bar[] {
  return Object.entries(usd).map(([name, value]) => ({ name, value, label: money(t, value) }));
}

function stored(t: Translate, found: Statistics): Bar[] {
  if (found.requests === 0) return [];
  return shares({ [t('plan')]: found.cached_plans, [t('solution')]: found.cached_solutions }, found.requests);
}

/** A table whose bars are drawn beside numbers that say the same. */
function chart(title: string, bars: readonly Bar[]): string {
  if (bars.length === 0) return '';
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const rows = bars.map(({ name, value, label }) => {
    const drawn = bar((100 * value) / most);
    return `<tr><th scope="row">${escaped(name)}</th><td>${drawn}</td><td>${escaped(label)}</td></tr>`;
  });
  return `<table><caption>${escaped(title)}</caption><tbody>${rows.join('')}</tbody></table>`;
}

function bar(percent: number): string {
  const rectangle = `<rect width="${percent.toFixed(1)}" height="10"/>`;
  return `<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${rectangle}</svg>`;
}

const STYLE = `
body { font: var(--vscode-font-weight) var(--vscode-font-size) var(--vscode-font-family);
  color: var(--vscode-foreground); background: var(--vscode-editor-background); padding: 0 2em 2em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3em 1.5em; }
dd { margin: 0; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; margin-top: 1.5em; max-width: 50em; width: 100%; }
caption { text-align: left; font-size: 1.15em; padding-bottom: .4em; }
th { text-align: left; font-weight: normal; width: 12em; overflow-wrap: anywhere; }
td:last-child { width: 8em; text-align: right; font-variant-numeric: tabular-nums; }
th, td { padding: .2em .6em .2em 0; }
svg { display: block; width: 100%; height: .9em; border: 1px solid var(--vscode-contrastBorder, transparent); }
rect { fill: var(--vscode-charts-blue, var(--vscode-foreground)); }
`;
