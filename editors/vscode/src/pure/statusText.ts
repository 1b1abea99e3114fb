/** Where a job stands, in the words of the status item. */
import type { Ending, Status } from '../protocol';
import { money } from './money';
import type { Translate } from './translate';

/** What the status item shows. */
export interface Shown {
  readonly text: string;
  readonly detail: string;
  readonly severity: 'information' | 'warning' | 'error';
  readonly busy: boolean;
}

const SEVERITY: Partial<Record<Ending, Shown['severity']>> = { unverified: 'warning', failed: 'error' };

/** Nothing is asked. */
export function idle(t: Translate): Shown {
  return { text: t('Cope'), detail: t('ready'), severity: 'information', busy: false };
}

/** The tests of nothing run here. */
export function restricted(t: Translate): Shown {
  return {
    text: t('Cope: restricted'),
    detail: t('the workspace is not trusted: nothing of it runs, so nothing can be verified'),
    severity: 'warning',
    busy: false,
  };
}

/** A job at work, or how it ended. */
export function describe(t: Translate, status: Status): Shown {
  if (status.ending !== undefined) {
    return {
      text: `Cope: ${endingWord(t, status.ending)}`,
      detail: status.message ?? '',
      severity: SEVERITY[status.ending] ?? 'information',
      busy: false,
    };
  }
  const parts = [stageWord(t, status.stage)];
  if (status.drawn > 0) parts.push(t('{0} of {1} drawn', status.drawn, status.samples));
  if (status.total > 0) parts.push(t('{0} of {1} tests', status.passed, status.total));
  if (status.detail !== '') parts.push(status.detail);
  parts.push(money(t, status.costUsd));
  return {
    text: `Cope: ${status.qualname}`,
    detail: parts.filter((part) => part !== '').join(' · '),
    severity: 'information',
    busy: true,
  };
}

function stageWord(t: Translate, stage: string): string {
  const words: Record<string, string> = {
    small: t('local'),
    guided: t('local, with a plan'),
    large: t('large model'),
    recall: t('remembered'),
  };
  return words[stage] ?? stage;
}

function endingWord(t: Translate, ending: Ending): string {
  const words: Record<Ending, string> = {
    applied: t('applied'),
    proposed: t('waits as a code action'),
    unverified: t('unverified'),
    shown: t('shown'),
    superseded: t('superseded'),
    rejected: t('discarded'),
    cancelled: t('cancelled'),
    failed: t('failed'),
  };
  return words[ending];
}
