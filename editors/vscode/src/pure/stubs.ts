/** Functions without a body, by the looks of the text; whether something is offered there the server decides. */

const HEAD = /^([ \t]*)(?:async[ \t]+)?def[ \t]+(\w+)/;
const EMPTY = /^\s*(?:\.\.\.|pass|raise NotImplementedError(?:\(.*\))?)\s*(?:#.*)?$/;
const MOST = 200;

/** A function that waits for its body: its line and name. */
export interface Stub {
  readonly line: number;
  readonly name: string;
}

/** The stubs of a Python text. */
export function stubsOf(text: string): Stub[] {
  const lines = text.split(/\r?\n/);
  const found: Stub[] = [];
  for (const [line, content] of lines.entries()) {
    const head = HEAD.exec(content);
    if (head !== null && isEmpty(bodyOf(lines, line, head[1] ?? '')))
      found.push({ line, name: head[2] ?? '' });
    if (found.length === MOST) break;
  }
  return found;
}

function bodyOf(lines: readonly string[], head: number, indent: string): string[] {
  let first = head;
  while (first < lines.length && !/:\s*(?:\.\.\.)?\s*(?:#.*)?$/.test(lines[first] ?? '')) first++;
  const here = /:\s*(\.\.\.)\s*$/.exec(lines[first] ?? '');
  if (here !== null) return ['...'];
  const body: string[] = [];
  for (const line of lines.slice(first + 1)) {
    if (line.trim() !== '' && !(line.startsWith(indent) && /^[ \t]/.test(line.slice(indent.length)))) break;
    body.push(line);
  }
  return body;
}

function isEmpty(body: readonly string[]): boolean {
  const code = body.join('\n').replace(/^\s*[rRuU]?("""|''')[\s\S]*?\1/, '');
  const lines = code.split('\n').filter((line) => line.trim() !== '');
  return lines.length === 1 && EMPTY.test(lines[0] ?? '');
}
