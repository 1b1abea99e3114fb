/** Marks on the lines that a proposal would change. What is unverified differs by its words and its shape. */
import {
  MarkdownString,
  OverviewRulerLane,
  Range,
  ThemeColor,
  window,
  type DecorationOptions,
  type Disposable,
  type TextEditor,
  type TextEditorDecorationType,
} from 'vscode';
import { evidenceSentence, glimpse, withoutIcon } from '../pure/evidence';
import { linesOf, type Hunk } from '../pure/hunks';
import { t } from '../words';
import { fitOf, type Fit, type Pending } from './pending';
import type { Proposals } from './proposals';

/** Keep the marks of all visible editors as they should be, until disposed of. */
export function markLines(proposals: Proposals): Disposable[] {
  const kinds = {
    verified: kind('solid', 'editorOverviewRuler.addedForeground', 'diffEditor.insertedLineBackground'),
    unverified: kind('dashed', 'editorOverviewRuler.warningForeground', 'diffEditor.removedLineBackground'),
    stale: kind('dotted', 'editorOverviewRuler.warningForeground', 'editor.rangeHighlightBackground'),
  };
  const paint = (editor: TextEditor): void => {
    const pending = proposals.of(editor.document);
    const shown = pending === undefined || editor.document.uri.query !== '' ? undefined : pending;
    for (const [name, type] of Object.entries(kinds)) {
      const wanted = shown !== undefined && kindOf(shown) === name;
      editor.setDecorations(type, wanted ? marks(shown) : []);
    }
  };
  const paintAll = (): void => {
    window.visibleTextEditors.forEach(paint);
  };
  return [
    ...Object.values(kinds),
    proposals.onDidChange(paintAll),
    window.onDidChangeVisibleTextEditors(paintAll),
  ];
}

function kind(border: string, ruler: string, background: string): TextEditorDecorationType {
  return window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new ThemeColor(background),
    borderColor: new ThemeColor(ruler),
    borderStyle: border,
    borderWidth: '0 0 0 3px',
    overviewRulerColor: new ThemeColor(ruler),
    overviewRulerLane: OverviewRulerLane.Right,
    after: { color: new ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 2em' },
  });
}

function kindOf(pending: Pending): 'verified' | 'unverified' | 'stale' {
  if (fitOf(pending).freshness === 'stale') return 'stale';
  return pending.proposal.verified ? 'verified' : 'unverified';
}

function marks(pending: Pending): DecorationOptions[] {
  const fit = fitOf(pending);
  return fit.hunks.map((hunk) => mark(pending, fit, hunk));
}

function mark({ proposal }: Pending, { text, freshness }: Fit, hunk: Hunk): DecorationOptions {
  const { first, last } = linesOf(text, hunk);
  const hoverMessage = new MarkdownString()
    .appendText(withoutIcon(evidenceSentence(t, proposal, freshness)))
    .appendCodeblock(hunk.newText, 'python');
  const contentText = glimpse(t, proposal, hunk.newText);
  return { range: new Range(first, 0, last, 0), hoverMessage, renderOptions: { after: { contentText } } };
}
