/** Which programs may make and run the server: never one inside a workspace, whose author it would obey. */

/** What the choice is made from. */
export interface Surroundings {
  readonly path: string;
  readonly windows: boolean;
  readonly workspaceFolders: readonly string[];
  /** A path without links; the path itself where there is none. */
  readonly resolve: (path: string) => string;
  readonly exists: (path: string) => boolean;
}

const NAMES = ['python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3', 'python'];
const LEAST = [3, 11] as const;

/** Interpreters on PATH that may be tried, in the order of preference. */
export function interpretersOn(surroundings: Surroundings): string[] {
  return NAMES.flatMap((name) => programsOn(surroundings, name));
}

/** Programs of a name on PATH that stand outside of every workspace folder. */
export function programsOn(surroundings: Surroundings, name: string): string[] {
  const { windows } = surroundings;
  const [separator, slash, suffix] = windows ? [';', '\\', '.exe'] : [':', '/', ''];
  return surroundings.path
    .split(separator)
    .filter((folder) => isAbsolute(folder, windows) && !isStoreStub(folder))
    .map((folder) => `${folder.replace(/[\\/]+$/, '')}${slash}${name}${suffix}`)
    .filter((program) => surroundings.exists(program) && mayRun(surroundings, program));
}

/** Whether a program may be run at all: an absolute path, in no workspace folder however it is spelled. */
export function mayRun({ workspaceFolders, resolve, windows }: Surroundings, program: string): boolean {
  if (!isAbsolute(program, windows)) return false;
  const places = [program, resolve(program)];
  const folders = workspaceFolders.flatMap((folder) => [folder, resolve(folder)]);
  return !places.some((place) => folders.some((folder) => isInside(place, folder, windows)));
}

/** Whether what `python --version` printed is new enough for the server. */
export function isRecent(printed: string): boolean {
  const found = /Python (\d+)\.(\d+)/.exec(printed);
  if (found === null) return false;
  const [major, minor] = [Number(found[1]), Number(found[2])];
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
}

function isAbsolute(path: string, windows: boolean): boolean {
  return windows ? /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path) : path.startsWith('/');
}

/** Windows puts a program of this name on PATH that only opens its shop. */
function isStoreStub(folder: string): boolean {
  return /[\\/]WindowsApps[\\/]?$/i.test(folder);
}

function isInside(path: string, folder: string, windows: boolean): boolean {
  const [inner, outer] = [path, folder].map((each) => {
    const slashed = each.replaceAll('\\', '/').replace(/\/+$/, '');
    return windows ? slashed.toLowerCase() : slashed;
  });
  return inner === outer || (inner ?? '').startsWith(`${outer ?? ''}/`);
}
