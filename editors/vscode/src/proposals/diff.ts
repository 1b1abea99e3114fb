/** The diff of a document against what it would become, beside the editor's own commands for it. */
import {
  commands,
  Disposable,
  EventEmitter,
  TabInputTextDiff,
  Uri,
  window,
  workspace,
  type Tab,
} from 'vscode';
import { t } from '../words';
import { missingUri, proposedText, SCHEME, shownUri, type Pending } from './pending';
import type { Proposals } from './proposals';

/** Serve the read-only documents of proposals, and close diffs whose proposal is gone. */
export function serveDiffs(proposals: Proposals): Disposable[] {
  const changed = new EventEmitter<Uri>();
  const provider = {
    onDidChange: changed.event,
    provideTextDocumentContent: ({ query }: Uri) => {
      const pending = proposals.ofJob(query);
      return pending === undefined ? '' : proposedText(pending);
    },
  };
  return [
    new Disposable(() => {
      changed.dispose();
    }),
    workspace.registerTextDocumentContentProvider(SCHEME, provider),
    proposals.onDidChange(() => {
      for (const pending of proposals.pending) changed.fire(shownUri(pending));
      void closeOrphans(proposals);
    }),
  ];
}

/** Open the diff of a proposal. */
export async function showDiff(pending: Pending): Promise<void> {
  const { proposal, uri, exists } = pending;
  const title = proposal.verified
    ? t('{0}: verified proposal', proposal.qualname)
    : t('{0}: UNVERIFIED proposal', proposal.qualname);
  const left = exists ? uri : missingUri(pending);
  await commands.executeCommand('vscode.diff', left, shownUri(pending), title);
}

async function closeOrphans(proposals: Proposals): Promise<void> {
  const orphans = window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter((tab) => {
      const job = jobOf(tab);
      return job !== undefined && proposals.ofJob(job) === undefined;
    });
  if (orphans.length > 0) await window.tabGroups.close(orphans);
}

function jobOf({ input }: Tab): string | undefined {
  return input instanceof TabInputTextDiff && input.modified.scheme === SCHEME
    ? input.modified.query
    : undefined;
}
