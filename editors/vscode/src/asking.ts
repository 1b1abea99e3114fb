/** Asking for an edit in words: at the cursor, with what was asked before at hand. */
import {
  CodeLens,
  commands,
  EventEmitter,
  Range,
  window,
  workspace,
  type CodeLensProvider,
  type ExtensionContext,
  type Position,
  type TextDocument,
} from 'vscode';
import type { Execute } from './jobs';
import { RUN, type RunArguments, type RunResult } from './protocol';
import { remember } from './pure/history';
import { stubsOf } from './pure/stubs';
import { editOf, offersOf, type Offered } from './pure/target';
import { t } from './words';

const HISTORY = 'cope.instructions';

/** Ask what to do at the cursor, and have it done. */
export async function askForEdit(context: ExtensionContext, execute: Execute): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined) return;
  const offer = (await offersAt(editor.document, editor.selection.start)).at(0);
  if (offer === undefined) {
    void window.showInformationMessage(t('Cope: put the cursor into a function first.'));
    return;
  }
  const history = context.globalState.get<string[]>(HISTORY, []);
  const instruction = await instructionFor(offer.qualname, history);
  if (instruction === undefined) return;
  await context.globalState.update(HISTORY, remember(history, instruction));
  await execute<RunResult>(RUN, editOf({ ...offer, version: editor.document.version }, instruction));
}

/** Implement the stub at a place, if the server agrees that there is one. */
export async function implementAt(document: TextDocument, at: Position, execute: Execute): Promise<void> {
  const offer = (await offersAt(document, at)).find(({ kind }) => kind === 'implement');
  if (offer !== undefined) await execute<RunResult>(RUN, offer);
  else void window.showInformationMessage(t('Cope: there is nothing to implement here.'));
}

/** Lenses over stubs, where the user wants them. */
export function stubLenses(): CodeLensProvider & { refresh(): void } {
  const changed = new EventEmitter<void>();
  return {
    onDidChangeCodeLenses: changed.event,
    refresh: () => {
      changed.fire();
    },
    provideCodeLenses: (document) => {
      if (workspace.getConfiguration('cope', document).get<boolean>('codeLens.stubs') !== true) return [];
      return stubsOf(document.getText()).map(({ line, name }) => {
        const range = new Range(line, 0, line, 0);
        const title = t('Implement {0}', name);
        return new CodeLens(range, {
          title,
          command: 'cope.stub.implement',
          arguments: [document.uri, line],
        });
      });
    },
  };
}

async function offersAt(document: TextDocument, at: Position): Promise<RunArguments[]> {
  const found = await commands.executeCommand<Offered[] | undefined>(
    'vscode.executeCodeActionProvider',
    document.uri,
    new Range(at, at),
  );
  return offersOf(found ?? []);
}

function instructionFor(name: string, history: readonly string[]): Promise<string | undefined> {
  const pick = window.createQuickPick();
  pick.title = t('Cope: edit {0}', name);
  pick.placeholder = t('What to do, such as: make it iterative');
  const offer = (): void => {
    const typed = pick.value.trim();
    const known = history.filter((each) => each !== typed).map((label) => ({ label }));
    pick.items = typed === '' ? known : [{ label: typed, alwaysShow: true }, ...known];
  };
  offer();
  return new Promise((resolve) => {
    pick.onDidChangeValue(offer);
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.label);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
