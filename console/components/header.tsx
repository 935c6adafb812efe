import type { Language } from '../dictionary.ts';
import type { Connection } from '../live.ts';
import type { UrlChange } from '../url-state.ts';
import { follow, useUi } from './ui.ts';

interface HeaderProps {
  readonly connection: Connection;
  readonly href: (change: UrlChange) => string;
  readonly go: (change: UrlChange) => void;
}

const languages: readonly (readonly [Language, string])[] = [
  ['de', 'Deutsch'],
  ['en', 'English'],
];

export const Header = ({ connection, href, go }: HeaderProps) => {
  const { t, isDemo, language } = useUi();
  return (
    <header class="page-header">
      <div class="brand">
        <Mark />
        <div>
          <h1>plietsch</h1>
          <p>{t.motto}</p>
        </div>
      </div>
      <div class="page-state">
        {isDemo && (
          <span class="badge" title={t.simulatedHint}>
            <Beaker />
            {t.simulated}
          </span>
        )}
        <ConnectionState connection={connection} />
        <nav class="languages" aria-label={t.language}>
          {languages.map(([code, name]) => (
            <a
              key={code}
              href={href({ lang: code })}
              lang={code}
              hreflang={code}
              aria-label={name}
              aria-current={code === language ? 'true' : undefined}
              onClick={follow(() => go({ lang: code }))}
            >
              {code.toUpperCase()}
            </a>
          ))}
        </nav>
      </div>
    </header>
  );
};

const ConnectionState = ({ connection }: { connection: Connection }) => {
  const { t } = useUi();
  return (
    <span class={`connection is-${connection}`} data-connection={connection}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {shapes[connection]}
      </svg>
      {t.connection[connection]}
    </span>
  );
};

/** A shape for each state, so that nobody has to tell colours apart. */
const shapes = {
  open: (
    <>
      <circle class="pulse" cx="8" cy="8" r="7" />
      <circle cx="8" cy="8" r="4" fill="currentColor" />
    </>
  ),
  connecting: <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="4 3" />,
  lost: <path d="M8 1.5 15 14H1z" fill="currentColor" />,
  offline: <path d="m3 3 10 10M13 3 3 13" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" />,
} as const;

const Mark = () => (
  <svg class="mark" viewBox="0 0 48 48" aria-hidden="true">
    <circle cx="24" cy="13" r="5" fill="var(--sun)" />
    <g fill="none" stroke="currentColor" stroke-width="3.6" stroke-linecap="round">
      <path d="M5 27c5-5 9-5 14 0s9 5 14 0 8-4.5 10-3" />
      <path d="M5 37c5-5 9-5 14 0s9 5 14 0 8-4.5 10-3" opacity=".6" />
    </g>
  </svg>
);

const Beaker = () => (
  <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6">
    <path d="M6 1.5v4L2.2 12.5a1.3 1.3 0 0 0 1.2 2h9.2a1.3 1.3 0 0 0 1.2-2L10 5.5v-4M4.5 1.5h7M4.2 10h7.6" />
  </svg>
);
