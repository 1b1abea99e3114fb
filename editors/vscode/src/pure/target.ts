/** Which function is meant: the server's code actions at a place name it. */
import { RUN, type RunArguments } from '../protocol';

/** A code action, as far as it matters here. */
export interface Offered {
  readonly command?: { readonly command: string; readonly arguments?: readonly unknown[] } | undefined;
}

/** What the server offers to run at a place, best first. */
export function offersOf(actions: readonly Offered[]): RunArguments[] {
  return actions.flatMap(({ command }) =>
    command?.command === RUN && isRunArguments(command.arguments?.[0]) ? [command.arguments[0]] : [],
  );
}

/** The request to edit the target of an offer as the user says. */
export function editOf(offer: RunArguments, instruction: string): RunArguments {
  const { uri, version, qualname, hash } = offer;
  const ask: RunArguments = { uri, version, qualname, kind: 'edit', instruction };
  return hash === undefined ? ask : { ...ask, hash };
}

function isRunArguments(value: unknown): value is RunArguments {
  return typeof value === 'object' && value !== null && 'qualname' in value && 'kind' in value;
}
