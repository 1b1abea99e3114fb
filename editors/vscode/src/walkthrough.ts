/**
 * The steps of the walkthrough that are done. The editor takes no notice of a context that was true before its
 * walkthrough page existed, nor of one that comes back; so contexts are set once the page is open.
 */
import { commands, window, type Disposable, type Tab } from 'vscode';

/** The steps, by their names in the manifest. */
export type Step = 'server' | 'model' | 'key' | 'edit';

const SETTLE_MS = 500;
const TITLES = /cope|walkthrough|welcome/i;

const done = new Set<Step>();

/** A step is done, whether or not anybody looks at the walkthrough. */
export function noteDone(step: Step): void {
  done.add(step);
  tell();
}

/** Tick the steps off whenever the walkthrough is opened. */
export function followWalkthrough(): Disposable {
  return window.tabGroups.onDidChangeTabs(({ opened, changed }) => {
    // The page reads the contexts as they are when it is made: that must be over.
    if ([...opened, ...changed].some(isWalkthrough)) setTimeout(tell, SETTLE_MS);
  });
}

function tell(): void {
  if (!window.tabGroups.all.some(({ tabs }) => tabs.some(isWalkthrough))) return;
  for (const step of done) void commands.executeCommand('setContext', `cope.done.${step}`, true);
}

/** The editor's own pages have no kind that extensions could know; this one is told by its title. */
function isWalkthrough({ input, label }: Tab): boolean {
  return input === undefined && TITLES.test(label);
}
