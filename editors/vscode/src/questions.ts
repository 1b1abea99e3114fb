/** The one question of a job: what must this call give? Nothing waits for the answer, and no answer is fine. */
import { commands, window, type CancellationToken, type QuickPickItem } from 'vscode';
import { deferred } from './deferred';
import type { Question, QuestionAnswer } from './protocol';
import { t } from './words';

interface Choice extends QuickPickItem {
  readonly answer: string;
}

/** Asks, and takes the answer whenever the user comes to it. */
export class Questions {
  private open:
    { readonly question: Question; readonly answer: (answer: QuestionAnswer) => void } | undefined;

  /** Say that there is a question; the answer, or none once the server withdraws it. */
  async ask(question: Question, token: CancellationToken): Promise<QuestionAnswer> {
    const { promise, resolve } = deferred<QuestionAnswer>();
    const asked = { question, answer: resolve };
    this.open = asked;
    const withdrawal = token.onCancellationRequested(() => {
      resolve({});
    });
    this.tell();
    const button = t('Answer…');
    void window.showInformationMessage(question.message, button).then((picked) => {
      if (picked === button) void this.pick();
      else if (this.open === asked) resolve({});
    });
    try {
      return await promise;
    } finally {
      withdrawal.dispose();
      if (this.open === asked) this.open = undefined;
      this.tell();
    }
  }

  /** Show the values to choose from. */
  async pick(): Promise<void> {
    const asked = this.open;
    if (asked === undefined) return;
    const { question } = asked;
    const choices: Choice[] = [
      ...question.answers.map((answer) => ({ label: answer, answer })),
      { label: t('None of these'), answer: '' },
    ];
    const title = t('{0}: what must {1} give?', question.qualname, question.call);
    const picked = await window.showQuickPick(choices, { title, ignoreFocusOut: true });
    asked.answer(picked === undefined ? {} : { answer: picked.answer });
  }

  private tell(): void {
    void commands.executeCommand('setContext', 'cope.asked', this.open !== undefined);
  }
}
