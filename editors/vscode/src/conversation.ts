/** What is said to the server at its start, and who listens to what it says. */
import { commands, Uri, window, workspace } from 'vscode';
import {
  ShowMessageRequest,
  type LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  type StaticFeature,
} from 'vscode-languageclient/node';
import type { CancellationToken } from 'vscode';
import { DOCUMENTS } from './languages';
import * as protocol from './protocol';
import { folderValues } from './settings';
import { t } from './words';

/** Those who listen to the server. */
export interface Ears {
  /** Connect them to a client that is about to start. */
  attach(client: LanguageClient): void;
}

/** What answers the server's requests and takes up its news. */
export interface Listeners {
  status(status: protocol.Status): void;
  proposal(proposal: protocol.Proposal, token: CancellationToken): Promise<protocol.ProposalAnswer>;
  question(question: protocol.Question, token: CancellationToken): Promise<protocol.QuestionAnswer>;
}

/** Ears for these listeners. */
export function earsOf(listeners: Listeners): Ears {
  return {
    attach(client) {
      client.onNotification(protocol.STATUS, (status: protocol.Status) => {
        listeners.status(status);
      });
      client.onRequest(protocol.PROPOSAL, (proposal: protocol.Proposal, token: CancellationToken) =>
        listeners.proposal(proposal, token),
      );
      client.onRequest(protocol.QUESTION, (question: protocol.Question, token: CancellationToken) =>
        listeners.question(question, token),
      );
      client.onRequest(ShowMessageRequest.type, ({ message, actions }) => asked(message, actions ?? []));
    },
  };
}

/** The client's options, for a server that is about to start. */
export function clientOptions(trusted: boolean): LanguageClientOptions {
  const initializationOptions: protocol.ClientOptions = {
    protocolVersion: protocol.VERSION,
    trusted,
    previewEdits: true,
    status: true,
    questions: true,
  };
  return { documentSelector: DOCUMENTS, initializationOptions, middleware };
}

/** Jobs show themselves by `cope/status`; a second progress beside it would only repeat it. */
export const withoutProgress: StaticFeature = {
  fillClientCapabilities(capabilities) {
    capabilities.window = { ...capabilities.window, workDoneProgress: false };
  },
  initialize: () => undefined,
  getState: () => ({ kind: 'static' }),
  clear: () => undefined,
};

const middleware: Middleware = {
  workspace: {
    configuration: ({ items }) =>
      items.map(({ scopeUri }) => folderValues(scopeUri === undefined ? undefined : Uri.parse(scopeUri))),
  },
  window: {
    showDocument: async (params, _, next) => {
      if (!params.uri.endsWith('.md')) return next(params, _);
      await commands.executeCommand('markdown.showPreview', Uri.parse(params.uri));
      return { success: true };
    },
  },
};

/** A question of the server's; whether to trust a folder is the editor's own to ask. */
async function asked<T extends { title: string }>(message: string, actions: readonly T[]): Promise<T | null> {
  if (!workspace.isTrusted && actions.some(({ title }) => title === 'Trust')) {
    const manage = t('Manage Workspace Trust');
    const words = t('Cope runs nothing of a workspace that is not trusted, so nothing can be verified here.');
    void window.showInformationMessage(words, manage).then((picked) => {
      if (picked === manage) void commands.executeCommand('workbench.trust.manage');
    });
    return null;
  }
  // What would leave this machine is decided before anything else is done, unless it is being looked at.
  const modal = actions.some(({ title }) => title === 'Show what would be sent');
  return (await window.showInformationMessage(message, { modal }, ...actions)) ?? null;
}
