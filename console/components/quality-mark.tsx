import type { Quality } from '../api.ts';
import { wordFor } from '../dictionary.ts';
import { useUi } from './ui.ts';

interface QualityMarkProps {
  readonly quality: Quality;
  readonly failedTests: readonly string[];
}

/** A word and a shape of its own for each quality; the tests that were not passed on demand. */
export const QualityMark = ({ quality, failedTests }: QualityMarkProps) => {
  const { t } = useUi();
  const mark = (
    <>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {shapes[quality]}
      </svg>
      {wordFor(t.quality, quality)}
    </>
  );
  if (failedTests.length === 0) return <span class={`quality is-${quality}`}>{mark}</span>;
  return (
    <details class={`quality is-${quality}`}>
      <summary>{mark}</summary>
      <ul>
        {failedTests.map((test) => (
          <li key={test}>{wordFor(t.tests, test)}</li>
        ))}
      </ul>
    </details>
  );
};

const shapes: Readonly<Record<Quality, preact.JSX.Element>> = {
  pass: <path d="m3 8.5 3.4 3.5L13 4.5" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" />,
  notEvaluated: <circle cx="8" cy="8" r="4.8" fill="none" stroke="currentColor" stroke-width="1.8" />,
  suspect: <path d="M8 2 15 14H1zM8 6.5v3.5M8 11.8v.2" fill="none" stroke="currentColor" stroke-width="1.8" />,
  fail: <path d="m4 4 8 8M12 4l-8 8" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" />,
  missing: <path d="M3 8h10" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" />,
};
