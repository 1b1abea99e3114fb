/** A language client that only writes into its log: what goes wrong is said once, in words, by the session. */
import { LanguageClient } from 'vscode-languageclient/node';

export class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}
