import { useEffect, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import type { RegionTime } from '../region-time.ts';
import { columnsWithGaps, type Point } from '../series.ts';
import { createPlot } from './plot.ts';

interface LineChartProps {
  readonly points: readonly Point[];
  /** Instants to be marked, in epoch ms. */
  readonly marks: readonly number[];
  readonly now: number;
  /** What the picture is of, for those who do not see it. */
  readonly label: string;
  readonly time: RegionTime;
  readonly format: (value: number) => string;
  readonly unit: string;
  /** Values are states: the line has steps. */
  readonly isState: boolean;
}

export const LineChart = ({ points, marks, now, label, time, format, unit, isState }: LineChartProps) => {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const right = useRef(now);
  const marked = useRef(marks);
  marked.current = marks;
  const [readout, setReadout] = useState('');

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const created = createPlot(element, {
      time,
      format,
      unit,
      isState,
      right: () => right.current,
      marks: () => marked.current,
      onHover: setReadout,
    });
    plot.current = created;
    const resized = new ResizeObserver(() => created.setSize(sizeOf(element)));
    resized.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => created.redraw();
    scheme.addEventListener('change', redraw);
    return () => {
      resized.disconnect();
      scheme.removeEventListener('change', redraw);
      created.destroy();
    };
  }, []);

  useEffect(() => {
    right.current = Math.max(now, points.at(-1)?.time ?? 0);
    plot.current?.setData(columnsWithGaps(points));
  }, [points, marks, now]);

  return (
    <div class="chart">
      <p class="readout" aria-hidden="true">
        {readout}
      </p>
      <div class="plot" ref={place} role="img" aria-label={label} />
    </div>
  );
};

const sizeOf = (element: HTMLElement) => ({ width: element.clientWidth, height: element.clientHeight });
