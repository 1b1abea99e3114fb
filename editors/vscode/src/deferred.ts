/** A promise and what fulfils it; the editor's Node has no `Promise.withResolvers` yet. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

/** A promise that whoever holds it can fulfil. */
export function deferred<T>(): Deferred<T> {
  let fulfil: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    fulfil = resolve;
  });
  return { promise, resolve: fulfil };
}
