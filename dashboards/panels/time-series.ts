import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { dress, type PanelBrick, type PanelOptions } from './panel.ts';

interface TimeSeriesOptions extends PanelOptions {
  readonly bars?: boolean;
  readonly stacked?: boolean;
  /** Thresholds as lines across the chart. */
  readonly limits?: boolean;
  /** Draws across gaps of up to so many milliseconds; default two hours. */
  readonly bridgeMs?: number;
  /** Where there are too many lines for a legend. */
  readonly legend?: boolean;
}

const TWO_HOURS_MS = 7_200_000;

/** Curves or bars over time. */
export const timeSeries = (options: TimeSeriesOptions): PanelBrick => ({
  width: options.size[0],
  height: options.size[1],
  build: (build) => {
    const { bars = false, stacked = false, limits = false, legend = true, bridgeMs = TWO_HOURS_MS } = options;
    const builder = dress(new PanelBuilder(), options, build)
      .drawStyle(bars ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
      .lineWidth(bars ? 1 : 2)
      .fillOpacity(bars ? 70 : 8)
      .showPoints(VisibilityMode.Never)
      .spanNulls(bars ? false : bridgeMs)
      .legend(
        new VizLegendOptionsBuilder()
          .showLegend(legend)
          .displayMode(LegendDisplayMode.List)
          .placement(LegendPlacement.Bottom)
          .calcs([]),
      )
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
    if (stacked) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
    if (limits)
      builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.LineAndArea));
    return builder;
  },
});
