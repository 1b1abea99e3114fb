/** A proposal that waits for the user: the text it was made for, and how it fits the text of now. */
import { Uri, workspace, type TextDocument } from 'vscode';
import type { Proposal, ProposalAnswer } from '../protocol';
import type { Freshness } from '../pure/evidence';
import { applied, hunksOf, moved, type Hunk } from '../pure/hunks';

/** The scheme of the documents that show what a file would become. */
export const SCHEME = 'cope-proposal';

/** One that waits. `base` is undefined where the text it was made for is gone already. */
export interface Pending {
  readonly proposal: Proposal;
  readonly uri: Uri;
  readonly base: string | undefined;
  readonly exists: boolean;
  readonly hunks: readonly Hunk[];
  readonly settle: (answer: ProposalAnswer) => void;
}

/** How it stands: the present text, its hunks there, and whether they still fit. */
export interface Fit {
  readonly text: string;
  readonly hunks: readonly Hunk[];
  readonly freshness: Freshness;
}

/** Take a proposal up. */
export async function takeUp(proposal: Proposal, settle: (answer: ProposalAnswer) => void): Promise<Pending> {
  const uri = Uri.parse(proposal.uri, true);
  const document = openDocument(uri);
  if (document === undefined) {
    const text = await textOnDisk(uri);
    const hunks = hunksOf(text ?? '', proposal.edits);
    return { proposal, uri, base: text ?? '', exists: text !== undefined, hunks, settle };
  }
  const text = document.getText();
  const base = document.version === proposal.version || proposal.version === null ? text : undefined;
  const hunks = base === undefined ? [] : hunksOf(base, proposal.edits);
  return { proposal, uri, base, exists: true, hunks, settle };
}

/** How it fits the document as it is now. */
export function fitOf({ uri, base, hunks }: Pending): Fit {
  const text = openDocument(uri)?.getText() ?? base ?? '';
  const there = base === undefined ? undefined : moved(base, text, hunks);
  return { text, hunks: there ?? [], freshness: there === undefined ? 'stale' : 'fresh' };
}

/** What the document would become; for a stale proposal, what it would have become. */
export function proposedText(pending: Pending): string {
  const { text, hunks, freshness } = fitOf(pending);
  return freshness === 'stale' ? pending.proposal.newText : applied(text, hunks);
}

/** The read-only document that shows it. */
export function shownUri({ uri, proposal }: Pending): Uri {
  return uri.with({ scheme: SCHEME, query: proposal.job });
}

/** The read-only, empty document that stands for a file that is not there yet. */
export function missingUri({ uri }: Pending): Uri {
  return uri.with({ scheme: SCHEME, query: '' });
}

/** The document of a URI, if it is open. */
export function openDocument(uri: Uri): TextDocument | undefined {
  return workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
}

async function textOnDisk(uri: Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
