/** All parts of the extension, put together. */
import { commands, Position, Uri, window, workspace, languages, type ExtensionContext } from 'vscode';
import { askForEdit, implementAt, stubLenses } from './asking';
import { earsOf } from './conversation';
import { Jobs, type Execute } from './jobs';
import { removeKeys, setKey } from './keys';
import { DOCUMENTS } from './languages';
import { showReport, showSent, showUsage } from './looking';
import { getModel } from './model';
import { decisions, showArrivals } from './proposals/deciding';
import { serveDiffs } from './proposals/diff';
import { proposalLenses } from './proposals/lenses';
import { markLines } from './proposals/marks';
import { SCHEME } from './proposals/pending';
import { Proposals } from './proposals/proposals';
import { Questions } from './questions';
import { removeEverything } from './removal';
import { Server, type Standing } from './server';
import { followWalkthrough, noteDone } from './walkthrough';
import { reason, t } from './words';

/** What the entry uses. */
export interface Session {
  run(command: string, words: readonly unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

type Acts = Record<string, (...words: unknown[]) => unknown>;

/** Put it together and start the server, if it is set up. */
export function open(context: ExtensionContext): Session {
  const log = window.createOutputChannel('Cope', { log: true });
  const proposals = new Proposals();
  const questions = new Questions();
  const jobs: Jobs = new Jobs((command, argument) => server.execute(command, argument));
  const ears = earsOf({
    status: (status) => {
      proposals.noteStatus(status);
      jobs.take(proposals.reworded(status));
    },
    proposal: (proposal, token) => {
      jobs.waitFor(proposal);
      return proposals.ask(proposal, token);
    },
    question: (question, token) => questions.ask(question, token),
  });
  const server: Server = new Server(context, log, ears, (standing) => {
    follow(standing, jobs, proposals);
  });
  const execute: Execute = (command, argument) => server.execute(command, argument);
  const lenses = stubLenses();
  context.subscriptions.push(
    log,
    jobs,
    ...showArrivals(proposals),
    ...serveDiffs(proposals),
    ...markLines(proposals),
    followWalkthrough(),
    languages.registerCodeLensProvider([...DOCUMENTS, { scheme: SCHEME }], proposalLenses(proposals)),
    languages.registerCodeLensProvider(DOCUMENTS, lenses),
    workspace.onDidGrantWorkspaceTrust(() => void trusted(server, jobs)),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('cope.codeLens')) lenses.refresh();
      if (change.affectsConfiguration('cope'))
        void keepUp(server, jobs, change.affectsConfiguration.bind(change));
    }),
    context.secrets.onDidChange(() => void jobs.whenCalm().then(() => server.restart())),
  );
  const acts: Acts = {
    ...decisions(proposals),
    ...general(context, server, execute),
    'cope.job.cancel': (job) => jobs.cancel(job as string | undefined),
    'cope.job.best': (job) => jobs.best(job as string | undefined),
    'cope.job.question': () => questions.pick(),
    'cope.server.log': () => {
      log.show();
    },
  };
  void told(() => server.start());
  return { run: (command, words) => told(() => acts[command]?.(...words)), close: () => server.retire() };
}

function general(context: ExtensionContext, server: Server, execute: Execute): Acts {
  return {
    'cope.editor.edit': async () => {
      await server.running(); // what can be edited is asked of it
      await askForEdit(context, execute);
    },
    'cope.stub.implement': async (uri, line) => {
      await server.running();
      const document = await workspace.openTextDocument(uri as Uri);
      await implementAt(document, new Position(line as number, 0), execute);
    },
    'cope.report.show': (job) => showReport(execute, typeof job === 'string' ? job : undefined),
    'cope.sent.show': () => showSent(execute),
    'cope.usage.show': () => showUsage(context),
    'cope.server.setUp': () => server.setUp(),
    'cope.server.restart': () => server.restart(),
    'cope.model.pull': () => getModel(),
    'cope.key.set': () => setKey(context),
    'cope.key.remove': () => removeKeys(context),
    'cope.removeEverything': () => removeEverything(context, server),
  };
}

function follow(standing: Standing, jobs: Jobs, proposals: Proposals): void {
  jobs.takeStanding(standing);
  if (standing !== 'running') proposals.withdrawAll();
  if (standing === 'running') noteDone('server');
  if (standing !== 'looping') return;
  const show = t('Show Log');
  const words = t('Cope: the server ended again and again and is not started any more.');
  void window.showErrorMessage(words, show).then((picked) => {
    if (picked === show) void commands.executeCommand('cope.server.log');
  });
}

async function trusted(server: Server, jobs: Jobs): Promise<void> {
  await server.tellTrust(true);
  jobs.takeStanding('running');
}

/** Another process where the running one cannot take a change up, once nothing is at work. */
async function keepUp(server: Server, jobs: Jobs, affects: (section: string) => boolean): Promise<void> {
  const other = ['cope.serverPath', 'cope.serverInterpreter'].some((section) => affects(section));
  if (!other && !server.isOutdated()) return;
  await jobs.whenCalm();
  if (other || server.isOutdated()) await told(() => server.restart());
}

/** Say what goes wrong: there is nobody above who would. */
async function told(act: () => unknown): Promise<unknown> {
  try {
    return await act();
  } catch (error) {
    const show = t('Show Log');
    void window.showErrorMessage(`Cope: ${reason(error)}`, show).then((picked) => {
      if (picked === show) void commands.executeCommand('cope.server.log');
    });
    return undefined;
  }
}
