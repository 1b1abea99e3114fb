import type { Translate } from './translate';

const HALF_A_CENT = 0.005;

/** An amount as people read it; an unknown one says so. */
export function money(t: Translate, usd: number | null): string {
  if (usd === null) return t('cost unknown');
  return `$${usd.toFixed(usd > 0 && usd < HALF_A_CENT ? 4 : 2)}`;
}
