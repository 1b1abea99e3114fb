/**
 * The server's process and the conversation with it. Starts, stops and restarts happen one after the other,
 * however many are asked for at once.
 */
import type { ExtensionContext, LogOutputChannel } from 'vscode';
import { window, workspace } from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
} from 'vscode-languageclient/node';
import { clientOptions, withoutProgress, type Ears } from './conversation';
import { answers, home, remove, serverProgram, setUp, type Program } from './environment';
import { keyVariables } from './keys';
import { withoutPython } from './programs';
import { QuietClient } from './quietClient';
import * as protocol from './protocol';
import { countEnd } from './pure/crashLoop';
import { needsRestart, overrides, type Values } from './pure/userSettings';
import { SERVER_SETTINGS, userValues } from './settings';
import { reason, t } from './words';

/** How the server stands. */
export type Standing = 'absent' | 'starting' | 'running' | 'stopped' | 'looping';

/** Who is told how the server stands. */
export type Watch = (standing: Standing) => void;

/** The one server of a window. */
export class Server {
  private client: LanguageClient | undefined;
  private started: Values = {};
  private ends: number[] = [];
  private turn: Promise<unknown> = Promise.resolve();
  private retired = false;
  private ran = false;

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
    private readonly ears: Ears,
    private readonly watch: Watch,
  ) {}

  /** Start it, if it is set up and does not run. */
  start(): Promise<void> {
    return this.next(async () => {
      if (this.client === undefined) await this.begin();
    });
  }

  /** Another process, with today's settings and keys. */
  restart(): Promise<void> {
    return this.next(async () => {
      this.ends = [];
      await this.end();
      await this.begin();
    });
  }

  /** Make its environment anew, then start it. Rejects with what went wrong. */
  setUp(): Promise<void> {
    return this.next(async () => {
      await this.end();
      try {
        await setUp(this.context, this.log);
      } catch (error) {
        await remove(this.context);
        this.watch('absent');
        throw error;
      }
      await this.begin();
    });
  }

  /** End it for good. */
  retire(): Promise<void> {
    this.retired = true;
    return this.next(() => this.end());
  }

  /** Whether the user's settings loosened since it was started, which a running server does not accept. */
  isOutdated(): boolean {
    return this.client !== undefined && needsRestart(SERVER_SETTINGS, this.started, userValues());
  }

  /** Its connection, once it runs. Rejects where it cannot. */
  async running(): Promise<LanguageClient> {
    await this.start();
    if (this.client === undefined) throw new Error(t('the server is not set up'));
    return this.client;
  }

  /** Run one of its commands. Rejects where it does not run. */
  async execute<T>(command: string, argument: object = {}): Promise<T> {
    const client = await this.running();
    return client.sendRequest<T>('workspace/executeCommand', { command, arguments: [argument] });
  }

  /** Tell it that the workspace is trusted now, or no longer. */
  async tellTrust(trusted: boolean): Promise<void> {
    const change: protocol.TrustChange = { trusted };
    if (this.client?.isRunning() === true) {
      await this.client.sendNotification(protocol.DID_CHANGE_TRUST, change);
    }
  }

  private next<T>(step: () => Promise<T>): Promise<T> {
    const taken = this.turn.then(step);
    this.turn = taken.catch(() => undefined);
    return taken;
  }

  private async begin(): Promise<void> {
    if (this.retired) return;
    const program = await this.healed();
    if (program === undefined) {
      this.watch('absent');
      return;
    }
    this.watch('starting');
    this.ran = false;
    this.started = userValues();
    const client = await this.clientOf(program);
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (newState !== State.Running) return;
      this.ran = true;
      this.watch('running');
    });
    try {
      await client.start();
    } catch (error) {
      this.client = undefined;
      this.watch('stopped');
      throw new Error(t('the server could not be started; its log may say why ({0})', reason(error)), {
        cause: error,
      });
    }
    this.compareVersions(client);
  }

  private compareVersions({ initializeResult }: LanguageClient): void {
    const offer = initializeResult?.capabilities.experimental as { cope?: protocol.ServerOffer } | undefined;
    const version = offer?.cope?.protocolVersion;
    if (version === protocol.VERSION) return;
    this.log.warn(`The server speaks version ${version ?? 0} of the protocol, this is ${protocol.VERSION}.`);
    void window.showWarningMessage(
      t('Cope: the server and the extension do not fit together; update the older of the two.'),
    );
  }

  /** The program; one of ours that does not answer any more is made anew. */
  private async healed(): Promise<Program | undefined> {
    const program = serverProgram(this.context);
    if (program === undefined || program.words.length === 0 || (await answers(this.context, program))) {
      return program;
    }
    this.log.warn('The server does not answer any more; its environment is made anew.');
    await setUp(this.context, this.log);
    return serverProgram(this.context);
  }

  private async clientOf({ command, words }: Program): Promise<LanguageClient> {
    const env = { ...withoutPython(process.env), ...(await keyVariables(this.context)) };
    const args = [...words, '--stdio', ...overrides(this.started)];
    const options = { cwd: await home(this.context), env };
    const client = new QuietClient(
      'cope',
      'Cope',
      { command, args, options },
      {
        ...clientOptions(workspace.isTrusted),
        outputChannel: this.log,
        initializationFailedHandler: () => false, // no second try; the start rejects
        revealOutputChannelOn: RevealOutputChannelOn.Never, // what went wrong is told once, by the session
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: () => this.closed(),
        },
      },
    );
    client.registerFeature(withoutProgress);
    this.ears.attach(client);
    return client;
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client === undefined) return;
    await client.dispose().catch((error: unknown) => {
      this.log.warn(String(error));
    });
    this.watch('stopped');
  }

  private closed(): { action: CloseAction; handled: boolean } {
    if (!this.ran) return { action: CloseAction.DoNotRestart, handled: true }; // its start rejects
    const { ends, looping } = countEnd(this.ends, Date.now());
    this.ends = ends;
    this.watch(looping ? 'looping' : 'starting');
    return { action: looping ? CloseAction.DoNotRestart : CloseAction.Restart, handled: true };
  }
}
