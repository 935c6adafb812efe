/** How full, beside the number that says it: length first, colour second. */
export const FillBar = ({ percent }: { percent: number }) => {
  const width = Math.max(0, Math.min(100, percent));
  const level = percent > 80 ? 'is-full' : percent > 60 ? 'is-filling' : 'is-low';
  return (
    <span class={`fill ${level}`} aria-hidden="true">
      <span style={{ width: `${width}%` }} />
    </span>
  );
};
