import type { HubState } from '../hub-model.ts';
import { useUi } from './ui.ts';

interface NoticeProps {
  readonly state: HubState;
  readonly retry: () => void;
}

const HOUR_MS = 3_600_000;

/** Above values that are shown although something is not as it should be. */
export const Notices = ({ state, retry }: NoticeProps) => {
  const { t, now } = useUi();
  if (state.rows.size === 0) return null;
  if (state.error) {
    return (
      <div class="notice is-warning" role="alert">
        <p>{t.failedKept}</p>
        <button type="button" onClick={retry}>
          {t.retry}
        </button>
      </div>
    );
  }
  const newest = Math.max(...[...state.rows.values()].map(({ time }) => time));
  const isCatchingUp = state.health?.demo === true && now - newest > HOUR_MS;
  return isCatchingUp ? <p class="notice">{t.catchingUp}</p> : null;
};

/** Instead of values: loading, none yet, or no answer. */
export const PhaseNotice = ({ state: { phase, error }, retry }: NoticeProps) => {
  const { t } = useUi();
  if (phase === 'loading') return <p class="phase is-loading">{t.loading}</p>;
  if (phase === 'failed' && error) {
    return (
      <div class="phase" role="alert">
        <h2>{t.failed}</h2>
        <p>{error.status === 0 ? t.failedHint : `${t.refused(error.status, error.message)} ${t.failedHint}`}</p>
        <button type="button" onClick={retry}>
          {t.retry}
        </button>
      </div>
    );
  }
  return (
    <div class="phase">
      <h2>{t.empty}</h2>
      <p>{t.emptyHint}</p>
    </div>
  );
};
