/** What the user does with a proposal, and how one makes itself seen. */
import { commands, window, workspace, type Disposable } from 'vscode';
import type { Proposal } from '../protocol';
import { spokenSentence } from '../pure/evidence';
import { linesOf } from '../pure/hunks';
import { acceptsVerified, userText } from '../settings';
import { t } from '../words';
import { showDiff } from './diff';
import { fitOf, type Pending } from './pending';
import type { Proposals } from './proposals';

/** Follow the proposals: keys are bound only while one shows, and one in a file that nobody sees opens its diff. */
export function showArrivals(proposals: Proposals): Disposable[] {
  const seen = new Set<string>();
  const bindKeys = (): void => {
    const document = window.activeTextEditor?.document;
    const shown = document !== undefined && proposals.of(document) !== undefined;
    void commands.executeCommand('setContext', 'cope.proposalShown', shown);
  };
  const look = (): void => {
    bindKeys();
    for (const pending of proposals.pending) {
      if (!seen.has(pending.proposal.job)) arrive(proposals, pending);
      seen.add(pending.proposal.job);
    }
  };
  return [
    proposals.onDidChange(look),
    window.onDidChangeActiveTextEditor(bindKeys),
    workspace.onDidChangeTextDocument(({ document }) => {
      proposals.noteChange(document);
    }),
  ];
}

/** The commands of the lenses and keys. Called with a job, or by a key, which means the one in the active editor. */
export function decisions(proposals: Proposals): Record<string, (...words: unknown[]) => unknown> {
  const meant = (job: unknown): Pending | undefined => {
    if (typeof job === 'string') return proposals.ofJob(job);
    const document = window.activeTextEditor?.document;
    return (document && proposals.of(document)) ?? proposals.pending.at(-1);
  };
  const on = (act: (pending: Pending, ...words: unknown[]) => unknown) => {
    return (job?: unknown, ...words: unknown[]): unknown => {
      const pending = meant(job);
      return pending === undefined ? undefined : act(pending, ...words);
    };
  };
  return {
    'cope.proposal.accept': on((pending) => {
      proposals.accept(pending);
    }),
    'cope.proposal.discard': on((pending) => {
      proposals.discard(pending);
    }),
    'cope.proposal.diff': on(showDiff),
    'cope.proposal.report': on(({ proposal }) => commands.executeCommand('cope.report.show', proposal.job)),
    'cope.proposal.acceptPart': on((pending, number) => acceptPart(proposals, pending, number)),
    'cope.part.dismiss': (uri, qualname) => {
      proposals.forget({ uri: String(uri), qualname: String(qualname) });
    },
  };
}

function arrive(proposals: Proposals, pending: Pending): void {
  if (isAcceptedUnasked(pending.proposal)) {
    proposals.accept(pending);
    return;
  }
  const visible = window.visibleTextEditors.some(
    ({ document }) => document.uri.toString() === pending.uri.toString(),
  );
  const aloud = workspace.getConfiguration('editor').get('accessibilitySupport') === 'on';
  if (aloud || !visible) void showDiff(pending);
  if (aloud) {
    const { freshness } = fitOf(pending);
    void window.showInformationMessage(spokenSentence(t, pending.proposal, freshness));
  }
}

/** Only what passed in a sandbox and can do nothing new, and only if the user chose that. */
function isAcceptedUnasked({ verified, flags }: Proposal): boolean {
  return acceptsVerified() && verified && flags.length === 0 && userText('sandbox') !== 'off';
}

async function acceptPart(proposals: Proposals, pending: Pending, number: unknown): Promise<void> {
  const { hunks, text, freshness } = fitOf(pending);
  if (freshness === 'stale') {
    proposals.accept(pending); // says that it is stale
    return;
  }
  const named = typeof number === 'number' ? hunks.at(number) : undefined;
  if (named !== undefined) {
    await proposals.acceptPart(pending, [named]);
    return;
  }
  const cursor = window.activeTextEditor?.selection.active.line;
  const items = hunks.map((hunk) => {
    const { first, last } = linesOf(text, hunk);
    const label = t('Lines {0} to {1}', first + 1, last + 1);
    const picked = cursor !== undefined && first <= cursor && cursor <= last;
    return { label, detail: hunk.newText.trim().split('\n')[0] ?? '', hunk, picked };
  });
  const title = t('Cope: accept which parts? The result is unverified until it is judged again.');
  const chosen = await window.showQuickPick(items, { title, canPickMany: true });
  if (chosen === undefined || chosen.length === 0) return;
  if (chosen.length === hunks.length) proposals.accept(pending);
  else
    await proposals.acceptPart(
      pending,
      chosen.map(({ hunk }) => hunk),
    );
}
