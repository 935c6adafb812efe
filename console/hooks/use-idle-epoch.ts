import { useEffect, useState } from 'preact/hooks';

const IDLE_MS = 30_000;
const CHECK_MS = 10_000;
const signs = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart', 'scroll', 'focusin'] as const;

/**
 * A number that grows while nobody uses the page: then tables may sort themselves anew, as on a screen on the wall.
 * Never while the pointer or the focus rests in a table.
 */
export const useIdleEpoch = (): number => {
  const [epoch, setEpoch] = useState(0);
  useEffect(() => {
    // Nobody has touched the page yet: the first values may find their places at once.
    let activeAt = Date.now() - IDLE_MS;
    const noticed = () => {
      activeAt = Date.now();
    };
    for (const sign of signs) addEventListener(sign, noticed, { passive: true, capture: true });
    const timer = setInterval(() => {
      const isInTable = document.querySelector('table:hover, table:focus-within') !== null;
      if (!isInTable && Date.now() - activeAt >= IDLE_MS) setEpoch((count) => count + 1);
    }, CHECK_MS);
    return () => {
      clearInterval(timer);
      for (const sign of signs) removeEventListener(sign, noticed, { capture: true });
    };
  }, []);
  return epoch;
};
