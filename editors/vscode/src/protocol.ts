/**
 * What cope-lsp adds to LSP. Mirrors `cope_lsp/lsp/protocol.py`; a test on each side holds the two together.
 */

/** Version of this protocol. */
export const VERSION = 1;

// Requests and notifications
export const SOLVE = 'cope/solve';
export const PROPOSAL = 'cope/proposal';
export const QUESTION = 'cope/question';
export const STATUS = 'cope/status';
export const DID_CHANGE_TRUST = 'cope/didChangeTrust';

// Commands of workspace/executeCommand
export const RUN = 'cope.run';
export const CANCEL = 'cope.cancel';
export const SHOW_BEST = 'cope.showBest';
export const APPLY = 'cope.apply';
export const DISCARD = 'cope.discard';
export const SHOW_REPORT = 'cope.showReport';
export const SHOW_SENT = 'cope.showSent';
export const TRUST = 'cope.trust';
export const CONSENT = 'cope.consent';

// Kinds of code actions
export const KIND_REWRITE = 'refactor.rewrite.cope';
export const KIND_FIX = 'quickfix.cope';
export const KIND_READ = 'refactor.cope';

/** How a job ends; every job ends in exactly one. */
export type Ending =
  'applied' | 'proposed' | 'unverified' | 'shown' | 'superseded' | 'rejected' | 'cancelled' | 'failed';

/** How far a request may go: this machine only, the large model on failure, the large model at once. */
export type Reach = 'local' | 'cascade' | 'large';

/** What the extension sends as `initializationOptions`. */
export interface ClientOptions {
  protocolVersion?: number;
  trusted?: boolean;
  previewEdits?: boolean;
  status?: boolean;
  questions?: boolean;
  settings?: Record<string, unknown>;
}

/** What the server says under `capabilities.experimental.cope`. */
export interface ServerOffer {
  protocolVersion: number;
}

/** LSP's position, in UTF-16 as VS Code counts. */
export interface Position {
  line: number;
  character: number;
}

/** LSP's range. */
export interface Range {
  start: Position;
  end: Position;
}

/** LSP's text edit. */
export interface TextEdit {
  range: Range;
  newText: string;
}

/** A diagnostic that a fix is asked for. */
export interface Finding {
  range: Range;
  message: string;
  source?: string;
  code?: string;
}

/** What is asked: the one argument of `cope.run`, and the params of `cope/solve`. */
export interface RunArguments {
  uri: string;
  version: number;
  qualname: string;
  kind: 'implement' | 'edit' | 'fix' | 'tests' | 'document' | 'explain';
  hash?: string;
  instruction?: string;
  findings?: Finding[];
  reach?: Reach;
}

/** The answer to `cope.run`, given at once. */
export interface RunResult {
  job: string;
}

/** The one argument of the commands that concern a job; without `job`, the latest one is meant. */
export interface JobArguments {
  job?: string;
}

/** The one argument of `cope.apply`; `withAnswer` adds the user's answer as an example. */
export interface ApplyArguments {
  job?: string;
  withAnswer?: boolean;
}

/** The answer of a command: whether there was something to do it to. */
export interface Done {
  done: boolean;
}

/** How a job ended: the answer to `cope/solve`. */
export interface Outcome {
  job: string;
  ending: Ending;
  message: string;
  stage: string;
  confidence: number;
  costUsd: number | null;
  seconds: number;
  report?: string;
  page?: string;
}

/** Params of `cope/status`: where a job stands. `ending` comes with its last one. */
export interface Status {
  job: string;
  uri: string;
  qualname: string;
  stage: string;
  drawn: number;
  samples: number;
  passed: number;
  total: number;
  costUsd: number | null;
  detail: string;
  message?: string;
  ending?: Ending;
}

/** Params of `cope/proposal`: an edit and why to trust it. */
export interface Proposal {
  job: string;
  uri: string;
  version: number | null;
  qualname: string;
  edits: TextEdit[];
  newText: string;
  verified: boolean;
  message: string;
  confidence: number;
  flags: string[];
  report?: string;
}

/** The answer to `cope/proposal`: `accept` has the server apply the edit. */
export interface ProposalAnswer {
  answer: 'accept' | 'reject';
}

/** Params of `cope/question`: what must this call give? */
export interface Question {
  job: string;
  uri: string;
  qualname: string;
  call: string;
  answers: string[];
  message: string;
}

/** The answer to `cope/question`: one of its `answers`, empty for none of them; left out: no answer. */
export interface QuestionAnswer {
  answer?: string;
}

/** The one argument of `cope.trust`: the workspace folder to trust; without it, all of them. */
export interface TrustArguments {
  uri?: string;
}

/** The one argument of `cope.consent`: what the user decided about calls to a model at a price. */
export interface ConsentArguments {
  host: string;
  model: string;
  price: string;
  answer: 'always' | 'never';
}

/** Params of `cope/didChangeTrust`; without `uri`, all workspace folders are meant. */
export interface TrustChange {
  trusted: boolean;
  uri?: string;
}
