/** How the server's own environment is made: commands in their order, as data. */

/** One command. */
export interface Step {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly doing: 'environment' | 'installing';
}

/** What there is to make it with; one of the two at least. */
export interface Makers {
  readonly uv?: string | undefined;
  readonly python?: string | undefined;
}

/** Where it goes, and what is installed: a requirement, or the path of a wheel. */
export interface Wanted {
  readonly folder: string;
  readonly requirement: string;
  readonly windows: boolean;
}

const FOR_UV = '3.12';

/** The steps, with uv where it is there; undefined where neither it nor a Python is. */
export function stepsFor(makers: Makers, wanted: Wanted): Step[] | undefined {
  const { folder, requirement } = wanted;
  const inside = pythonIn(wanted);
  if (makers.uv !== undefined) {
    const python = makers.python ?? FOR_UV;
    return [
      step(makers.uv, ['venv', '--no-project', '--python', python, folder], 'environment'),
      step(makers.uv, ['pip', 'install', '--python', inside, requirement], 'installing'),
    ];
  }
  if (makers.python === undefined) return undefined;
  return [
    step(makers.python, ['-I', '-m', 'venv', folder], 'environment'),
    step(
      inside,
      ['-I', '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', requirement],
      'installing',
    ),
  ];
}

/** The environment's interpreter. */
export function pythonIn({ folder, windows }: Pick<Wanted, 'folder' | 'windows'>): string {
  return windows ? `${folder}\\Scripts\\python.exe` : `${folder}/bin/python`;
}

/** How the server is started from its environment; isolated, so that no variable or folder adds code to it. */
export const SERVER_MODULE = ['-I', '-m', 'cope_lsp'] as const;

function step(program: string, words: readonly string[], doing: Step['doing']): Step {
  return { program, arguments: words, doing };
}
