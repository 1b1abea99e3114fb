/** The local model's server, as far as a new user needs it: is the model there, and fetch it. */

/** How far a download is: words, and the share that is done where it is known. */
export interface Pulling {
  readonly words: string;
  readonly share: number | undefined;
}

/** Whether Ollama has the model. Rejects where it cannot be asked. */
export async function hasModel(baseUrl: string, model: string, signal: AbortSignal): Promise<boolean> {
  const answer = await fetch(new URL('/api/tags', baseUrl), { signal });
  const { models } = (await answer.json()) as { models?: { name: string }[] };
  const wanted = model.includes(':') ? model : `${model}:latest`;
  return (models ?? []).some(({ name }) => name === wanted);
}

/** A model, and the server that is to fetch it. */
export interface Source {
  readonly baseUrl: string;
  readonly model: string;
}

/** Fetch a model; `show` is told how far it is. Rejects with what Ollama says went wrong. */
export async function pullModel(
  { baseUrl, model }: Source,
  signal: AbortSignal,
  show: (pulling: Pulling) => void,
): Promise<void> {
  const body = JSON.stringify({ model, stream: true });
  const answer = await fetch(new URL('/api/pull', baseUrl), { method: 'POST', body, signal });
  let rest = '';
  const decoder = new TextDecoder();
  for await (const bytes of answer.body ?? []) {
    const lines = (rest + decoder.decode(bytes as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) show(pulling(line));
  }
  if (rest.trim() !== '') show(pulling(rest));
}

/** One line of Ollama's answer. Throws where it is an error, which comes under HTTP 200. */
export function pulling(line: string): Pulling {
  if (line.trim() === '') return { words: '', share: undefined };
  const { status, completed, total, error } = JSON.parse(line) as Record<string, unknown>;
  if (typeof error === 'string') throw new Error(error);
  const share = typeof completed === 'number' && typeof total === 'number' ? completed / total : undefined;
  return { words: typeof status === 'string' ? status : '', share };
}
