/** Above it a container counts as full. */
export const FULL_PERCENT = 80;
const FILLING_PERCENT = 60;

/** How full, beside the number that says it: length first, colour second. */
export const FillBar = ({ percent }: { percent: number }) => {
  const width = Math.max(0, Math.min(100, percent));
  const level = percent > FULL_PERCENT ? 'is-full' : percent > FILLING_PERCENT ? 'is-filling' : 'is-low';
  return (
    <span class={`fill ${level}`} aria-hidden="true">
      <span style={{ width: `${width}%` }} />
    </span>
  );
};
