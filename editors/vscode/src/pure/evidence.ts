/** What a proposal says of itself: why it may be trusted, or that nothing shows that it may. */
import type { Proposal } from '../protocol';
import type { Translate } from './translate';

/** How a proposal stands against the document as it is now. */
export type Freshness = 'fresh' | 'stale';

const GLIMPSE = 80;

/** Whether a proposal is verified is said by its first word, in capitals where it is not; never by colour alone. */
export function evidenceSentence(t: Translate, proposal: Proposal, freshness: Freshness): string {
  if (freshness === 'stale') {
    return `$(history) ${t('STALE: the code that this was made for has changed')} · ${facts(t, proposal)}`;
  }
  return proposal.verified
    ? `$(verified) ${t('Verified')} · ${facts(t, proposal)}`
    : `$(warning) ${t('UNVERIFIED')}: ${facts(t, proposal)}`;
}

/** The same for a screen reader and for a dialog: without icons, with the target's name. */
export function spokenSentence(t: Translate, proposal: Proposal, freshness: Freshness): string {
  return `${proposal.qualname}: ${withoutIcon(evidenceSentence(t, proposal, freshness))}`;
}

/** A sentence where icons cannot be shown. */
export function withoutIcon(sentence: string): string {
  return sentence.replace(/^\$\([a-z]+\) /, '');
}

/** What is said where a part of a proposal was taken. */
export function partSentence(t: Translate): string {
  return `$(warning) ${t('UNVERIFIED: a part of a proposal was accepted; the code was not judged like this')}`;
}

/** What stands beside a line that would change: the first line of what it would become, and how many more there are. */
export function glimpse(t: Translate, { verified }: Pick<Proposal, 'verified'>, newText: string): string {
  const [first = '', ...more] = newText.split('\n').filter((line) => line.trim() !== '');
  const code = first.trim().length > GLIMPSE ? `${first.trim().slice(0, GLIMPSE)}…` : first.trim();
  const shown = more.length > 0 ? t('{0} (+{1} more)', code, more.length) : code || t('nothing');
  return verified ? t('◂ becomes {0}', shown) : t('◂ UNVERIFIED: {0}', shown);
}

function facts(t: Translate, proposal: Proposal): string {
  const said = withoutFrame(proposal).split(' · ');
  const shown = 1 + said.findIndex((part) => /\bagree\b/.test(part)) || 1;
  const sure = proposal.verified ? [proposal.confidence.toFixed(2)] : [];
  const powers = proposal.flags.length
    ? [t('can do what the old code could not: {0}', proposal.flags.join(', '))]
    : [];
  return [...said.slice(0, shown), ...sure, ...said.slice(shown), ...powers]
    .filter((part) => part !== '')
    .join(' · ');
}

/** The server's one line without what the lens says already: whose it is, and that nothing is verified or changed. */
function withoutFrame({ message, qualname }: Proposal): string {
  const name = [qualname, qualname.split('.').at(-1)].find((each) => message.startsWith(`${each}: `));
  const said = name === undefined ? message : message.slice(name.length + 2);
  return said.replace(/^not verified: /, '').replace(/\. Nothing was changed\.$/, '');
}
