/** Instructions that were given before, the latest first. */

const MOST = 30;

/** The history after one more instruction; the same one said again moves to the front. */
export function remember(history: readonly string[], instruction: string): string[] {
  const said = instruction.trim();
  if (said === '') return [...history];
  return [said, ...history.filter((each) => each !== said)].slice(0, MOST);
}
