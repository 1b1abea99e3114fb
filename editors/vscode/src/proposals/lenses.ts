/** Lenses over what waits: the evidence, and what can be done, each also by a key. */
import { CodeLens, Range, type CodeLensProvider, type TextDocument } from 'vscode';
import { evidenceSentence, partSentence } from '../pure/evidence';
import { linesOf } from '../pure/hunks';
import { t } from '../words';
import { fitOf, SCHEME, type Pending } from './pending';
import type { Proposals } from './proposals';

/** The lenses of a document. */
export function proposalLenses(proposals: Proposals): CodeLensProvider {
  return {
    onDidChangeCodeLenses: proposals.onDidChange,
    provideCodeLenses: (document) => [...ofProposal(proposals, document), ...ofParts(proposals, document)],
  };
}

function ofProposal(proposals: Proposals, document: TextDocument): CodeLens[] {
  const pending = proposals.of(document);
  if (pending === undefined) return [];
  const { job } = pending.proposal;
  const { text, hunks, freshness } = fitOf(pending);
  const lines = hunks.map((hunk) => linesOf(text, hunk).first);
  const line = document.uri.scheme === SCHEME ? (lines[0] ?? 0) : (lines[0] ?? firstLine(pending, document));
  const fresh = freshness === 'fresh';
  return [
    lens(line, evidenceSentence(t, pending.proposal, freshness), 'cope.proposal.diff', job),
    ...(fresh ? [lens(line, acceptTitle(pending), 'cope.proposal.accept', job)] : []),
    lens(line, t('Discard'), 'cope.proposal.discard', job),
    lens(line, t('Diff'), 'cope.proposal.diff', job),
    lens(line, t('Report'), 'cope.proposal.report', job),
    ...(hunks.length > 1 && document.uri.scheme !== SCHEME
      ? lines.map((each, number) =>
          lens(each, t('Accept this part'), 'cope.proposal.acceptPart', job, number),
        )
      : []),
  ];
}

function ofParts(proposals: Proposals, document: TextDocument): CodeLens[] {
  return proposals.parts
    .filter(({ uri }) => uri.toString() === document.uri.toString())
    .flatMap((part) => [
      lens(part.line, partSentence(t), 'cope.report.show', part.job),
      lens(part.line, t('Ask again'), 'cope.editor.edit'),
      lens(part.line, t('Dismiss'), 'cope.part.dismiss', part.uri.toString(), part.qualname),
    ]);
}

function acceptTitle({ proposal }: Pending): string {
  return proposal.verified ? t('Accept') : t('Accept unverified');
}

function firstLine({ proposal }: Pending, document: TextDocument): number {
  const line = proposal.edits[0]?.range.start.line ?? 0;
  return Math.min(line, document.lineCount - 1);
}

function lens(line: number, title: string, command: string, ...words: unknown[]): CodeLens {
  return new CodeLens(new Range(line, 0, line, 0), { title, command, arguments: words });
}
