/** The local model, for a new user: is it there, and fetch it with a progress bar. */
import { env, ProgressLocation, Uri, window } from 'vscode';
import { hasModel, pullModel, type Pulling } from './pure/ollama';
import { userText } from './settings';
import { noteDone } from './walkthrough';
import { reason, t } from './words';

const PATIENCE_MS = 5000;

/** Fetch the small model, if it is not there. */
export async function getModel(): Promise<void> {
  if (userText('small.provider') !== 'ollama') {
    void window.showInformationMessage(t('Cope: your small model does not come from Ollama.'));
    return;
  }
  const source = { baseUrl: userText('small.base_url'), model: userText('small.model') };
  try {
    if (!(await hasModel(source.baseUrl, source.model, AbortSignal.timeout(PATIENCE_MS)))) await pull(source);
    noteDone('model');
    void window.showInformationMessage(t('Cope: {0} is ready.', source.model));
  } catch (error) {
    await tellUnreachable(source.baseUrl, error);
  }
}

async function pull(source: { baseUrl: string; model: string }): Promise<void> {
  const title = t('Cope: getting {0}', source.model);
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  await window.withProgress(options, async (progress, token) => {
    const cancel = new AbortController();
    token.onCancellationRequested(() => {
      cancel.abort();
    });
    let shown = 0;
    await pullModel(source, cancel.signal, ({ words, share }: Pulling) => {
      const now = share === undefined ? shown : share * 100;
      progress.report({ message: words, increment: Math.max(0, now - shown) });
      shown = Math.max(shown, now);
    });
  });
}

async function tellUnreachable(baseUrl: string, error: unknown): Promise<void> {
  const install = t('Install Ollama');
  const again = t('Try again');
  const words = t(
    'Cope: Ollama at {0} could not give the model ({1}). Is it installed and started?',
    baseUrl,
    reason(error),
  );
  const picked = await window.showErrorMessage(words, install, again);
  if (picked === install) await env.openExternal(Uri.parse('https://ollama.com/download'));
  if (picked === again) await getModel();
}
