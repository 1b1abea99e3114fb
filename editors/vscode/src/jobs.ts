/** Jobs at work and how they ended: the status item, the progress with its cancel button. */
import {
  commands,
  languages,
  LanguageStatusSeverity,
  ProgressLocation,
  window,
  workspace,
  type Command,
  type Disposable,
  type LanguageStatusItem,
} from 'vscode';
import { deferred } from './deferred';
import { DOCUMENTS } from './languages';
import { CANCEL, SHOW_BEST, type Done, type Proposal, type Status } from './protocol';
import { spokenSentence } from './pure/evidence';
import { describe, idle, restricted, type Shown } from './pure/statusText';
import type { Standing } from './server';
import { noteDone } from './walkthrough';
import { t } from './words';

/** Runs a command of the server. */
export type Execute = <T>(command: string, argument?: object) => Promise<T>;

interface Running {
  readonly show: (status: Status) => void;
  readonly end: () => void;
}

const SEVERITY = {
  information: LanguageStatusSeverity.Information,
  warning: LanguageStatusSeverity.Warning,
  error: LanguageStatusSeverity.Error,
} as const;

/** Every job of this window. */
export class Jobs implements Disposable {
  private readonly item: LanguageStatusItem = languages.createLanguageStatusItem('cope', DOCUMENTS);
  private readonly running = new Map<string, Running>();
  private calm: (() => void)[] = [];

  constructor(private readonly execute: Execute) {
    this.item.name = 'Cope';
    this.rest();
  }

  /** Show where a job stands. */
  take(status: Status): void {
    if (status.ending === undefined) {
      this.progressOf(status).show(status);
    } else {
      this.running.get(status.job)?.end();
      this.running.delete(status.job);
      if (status.ending === 'applied') noteDone('edit');
    }
    this.show(describe(t, status), commandFor(status));
    this.toldWhetherWorking();
    if (status.ending === 'failed' || status.ending === 'proposed') tell(status);
  }

  /** A job has come to a proposal: it is the user's turn, and nothing turns any more. */
  waitFor(proposal: Proposal): void {
    this.running.get(proposal.job)?.end();
    const detail = spokenSentence(t, proposal, 'fresh');
    const severity = proposal.verified ? 'information' : 'warning';
    const command = { title: t('Diff'), command: 'cope.proposal.diff', arguments: [proposal.job] };
    this.show({ text: t('Cope: proposal'), detail, severity, busy: false }, command);
  }

  /** Show how the server stands, where that is news. */
  takeStanding(standing: Standing): void {
    if (standing !== 'running') this.endAll();
    if (standing === 'absent') {
      const shown = { ...idle(t), text: t('Cope: not set up'), detail: '', severity: 'warning' } as const;
      this.show(shown, { title: t('Set Up'), command: 'cope.server.setUp' });
    } else if (standing === 'looping') {
      const detail = t('the server ended again and again');
      this.show(
        { text: t('Cope: stopped'), detail, severity: 'error', busy: false },
        { title: t('Show Log'), command: 'cope.server.log' },
      );
    } else {
      this.rest(standing === 'starting');
    }
  }

  /** Stop a job, or the latest one. */
  cancel(job?: string): Promise<Done> {
    return this.execute<Done>(CANCEL, named(job));
  }

  /** Take the best candidate so far of a job, or of the latest one. */
  best(job?: string): Promise<Done> {
    return this.execute<Done>(SHOW_BEST, named(job));
  }

  /** When nothing is at work. */
  async whenCalm(): Promise<void> {
    if (this.running.size > 0) await new Promise<void>((resolve) => this.calm.push(resolve));
  }

  dispose(): void {
    this.endAll();
    this.item.dispose();
  }

  private progressOf(status: Status): Running {
    const { job, qualname } = status;
    const known = this.running.get(job);
    if (known !== undefined) return known;
    const { promise, resolve } = deferred<undefined>();
    const options = {
      location: ProgressLocation.Notification,
      title: `Cope: ${qualname}`,
      cancellable: true,
    };
    let latest = status;
    let report: (message: string) => void = () => undefined; // until the editor shows it
    void window.withProgress(options, (progress, token) => {
      token.onCancellationRequested(() => void this.cancel(job));
      report = (message) => {
        progress.report({ message });
      };
      report(describe(t, latest).detail);
      return promise;
    });
    const running: Running = {
      show: (next) => {
        latest = next;
        report(describe(t, next).detail);
      },
      end: () => {
        resolve(undefined);
      },
    };
    this.running.set(job, running);
    return running;
  }

  private endAll(): void {
    for (const { end } of this.running.values()) end();
    this.running.clear();
    this.toldWhetherWorking();
  }

  private toldWhetherWorking(): void {
    const working = this.running.size > 0;
    void commands.executeCommand('setContext', 'cope.working', working);
    if (working) return;
    for (const resolve of this.calm.splice(0)) resolve();
  }

  private rest(busy = false): void {
    const trust = { title: t('Manage Trust'), command: 'workbench.trust.manage' };
    const usage = { title: t('Usage'), command: 'cope.usage.show' };
    const shown = workspace.isTrusted ? idle(t) : restricted(t);
    this.show({ ...shown, busy }, workspace.isTrusted ? usage : trust);
  }

  private show({ text, detail, severity, busy }: Shown, command: Command): void {
    this.item.text = text;
    this.item.detail = detail;
    this.item.severity = SEVERITY[severity];
    this.item.busy = busy;
    this.item.command = command;
    this.item.accessibilityInformation = { label: `${text}: ${detail}` };
  }
}

/** Say that what was asked for did not come; there is nothing else that would show it. */
function tell(status: Status): void {
  const { title, command, arguments: words = [] } = commandFor(status);
  void window.showWarningMessage(status.message ?? '', title).then((picked) => {
    if (picked === title) void commands.executeCommand(command, ...(words as unknown[]));
  });
}

/** What helps next: a fix where something failed. */
function commandFor({ job, ending, message = '' }: Status): Command {
  if (ending === undefined) return { title: t('Show Best Now'), command: 'cope.job.best', arguments: [job] };
  if (ending === 'failed' && /pull/i.test(message)) {
    return { title: t('Get the Model'), command: 'cope.model.pull' };
  }
  return { title: t('Report'), command: 'cope.report.show', arguments: [job] };
}

function named(job: string | undefined): object {
  return job === undefined ? {} : { job };
}
