/**
 * The user's own settings on their way to the server. What loosens goes on its command line, because values that
 * come over LSP may only tighten; so a change that loosens needs another process.
 */

/** What is tighter: a number that is lower, `false`, a list with more or fewer entries, the values that are named. */
export type Order = 'lower' | 'false' | 'more' | 'fewer' | Readonly<Record<string, readonly string[]>>;

/** A setting of the server; without an order no value of it is tighter than another. */
export interface ServerSetting {
  readonly name: string;
  readonly default: unknown;
  readonly order: Order | null;
}

/** Values by the server's names for them. */
export type Values = Readonly<Record<string, unknown>>;

/** The command line's share: `--set name=value` for everything that the user has set. */
export function overrides(values: Values): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['--set', `${name}=${JSON.stringify(value)}`]);
}

/** Whether going from what a server was started with to what is wanted now takes another process. */
export function needsRestart(settings: readonly ServerSetting[], started: Values, wanted: Values): boolean {
  return settings.some((setting) => {
    const from = started[setting.name] ?? setting.default;
    const to = wanted[setting.name] ?? setting.default;
    return !isSame(from, to) && !(setting.order !== null && isTighter(setting.order, from, to));
  });
}

function isTighter(order: Order, from: unknown, to: unknown): boolean {
  switch (order) {
    case 'lower':
      return Number(to) <= Number(from);
    case 'false':
      return to === false;
    case 'more':
      return isWithin(from, to);
    case 'fewer':
      return isWithin(to, from);
    default:
      return (order[String(from)] ?? []).includes(String(to));
  }
}

function isWithin(some: unknown, all: unknown): boolean {
  return Array.isArray(some) && Array.isArray(all) && some.every((each) => all.includes(each));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
