/**
 * Proposals that wait, and the parts that were taken of some. A document is not touched before the user accepts;
 * then the server applies the whole, or the editor a part, in one step for undo.
 */
import { EventEmitter, Range, window, workspace, WorkspaceEdit, type TextDocument, type Uri } from 'vscode';
import type { CancellationToken } from 'vscode';
import { deferred } from '../deferred';
import type { Proposal, ProposalAnswer, Status } from '../protocol';
import { partSentence, withoutIcon } from '../pure/evidence';
import { linesOf, type Hunk } from '../pure/hunks';
import { t } from '../words';
import { fitOf, SCHEME, takeUp, type Pending } from './pending';

/** A part of a proposal that was taken: its result was never judged. */
export interface Part {
  readonly job: string;
  readonly uri: Uri;
  readonly qualname: string;
  readonly line: number;
}

/** All that wait in this window. */
export class Proposals {
  private readonly waiting = new Map<string, Pending>();
  private readonly news = new EventEmitter<void>();
  private taken: readonly Part[] = [];

  /** Fires when something comes, goes or ages. */
  readonly onDidChange = this.news.event;

  /** The proposals, in the order in which they came. */
  get pending(): readonly Pending[] {
    return [...this.waiting.values()];
  }

  /** The parts that were taken and not judged since. */
  get parts(): readonly Part[] {
    return this.taken;
  }

  /** Show a proposal and wait for the user. */
  async ask(proposal: Proposal, token: CancellationToken): Promise<ProposalAnswer> {
    const { promise, resolve } = deferred<ProposalAnswer>();
    const pending = await takeUp(proposal, resolve);
    this.waiting.set(proposal.job, pending);
    const withdrawal = token.onCancellationRequested(() => {
      resolve({ answer: 'reject' });
    });
    this.news.fire();
    try {
      return await promise;
    } finally {
      withdrawal.dispose();
      this.waiting.delete(proposal.job);
      this.news.fire();
    }
  }

  /** The proposal that a document shows or is about. */
  of({ uri }: Pick<TextDocument, 'uri'>): Pending | undefined {
    if (uri.scheme === SCHEME) return this.waiting.get(uri.query);
    return this.pending.find((each) => each.uri.toString() === uri.toString());
  }

  /** The proposal of a job. */
  ofJob(job: string): Pending | undefined {
    return this.waiting.get(job);
  }

  /** Let the server apply it; a stale one is only said to be. */
  accept(pending: Pending): void {
    if (fitOf(pending).freshness === 'stale') {
      const name = pending.proposal.qualname;
      void window.showWarningMessage(
        t('{0}: the code that this was made for has changed; discard it and ask again.', name),
      );
    } else {
      pending.settle({ answer: 'accept' });
    }
  }

  /** Let it go. */
  discard(pending: Pending): void {
    pending.settle({ answer: 'reject' });
  }

  /** Put some of its hunks into the document; the rest is let go. */
  async acceptPart(pending: Pending, hunks: readonly Hunk[]): Promise<void> {
    const { uri, proposal } = pending;
    const document = await workspace.openTextDocument(uri);
    const edit = new WorkspaceEdit();
    for (const { start, end, newText } of hunks) {
      edit.replace(uri, new Range(document.positionAt(start), document.positionAt(end)), newText);
    }
    if (!(await workspace.applyEdit(edit))) return;
    const line = Math.min(...hunks.map((hunk) => linesOf(document.getText(), hunk).first));
    const part = { job: proposal.job, uri, qualname: proposal.qualname, line };
    this.taken = [...this.without(part), part];
    pending.settle({ answer: 'reject' });
  }

  /** A later edit of the same function was judged and applied: what is there now is that. */
  noteStatus({ uri, qualname, ending }: Status): void {
    if (ending === 'applied') this.forget({ uri, qualname });
  }

  /** A status as it is to be shown: where a part was taken, the rest was discarded, but that is not the news. */
  reworded(status: Status): Status {
    const partly = status.ending === 'rejected' && this.taken.some(({ job }) => job === status.job);
    if (!partly) return status;
    const message = `${status.qualname}: ${withoutIcon(partSentence(t))}`;
    return { ...status, ending: 'unverified', message };
  }

  /** Say no more that a part was not judged. */
  forget(part: { uri: string; qualname: string }): void {
    this.taken = this.without(part);
    this.news.fire();
  }

  /** A document changed: what is shown about it may have moved or gone stale. */
  noteChange(document: TextDocument): void {
    if (this.of(document) !== undefined) this.news.fire();
  }

  /** Nobody waits for answers any more: the server is gone. */
  withdrawAll(): void {
    for (const pending of this.pending) pending.settle({ answer: 'reject' });
  }

  private without({ uri, qualname }: { uri: Uri | string; qualname: string }): Part[] {
    return this.taken.filter((each) => each.uri.toString() !== uri.toString() || each.qualname !== qualname);
  }
}
