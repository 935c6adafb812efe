import {
  LegendDisplayMode,
  LegendPlacement,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { dress, type PanelBrick, type PanelOptions } from './panel.ts';

/** States over time, one row per thing. */
export const stateTimeline = (options: PanelOptions): PanelBrick => ({
  width: options.size[0],
  height: options.size[1],
  build: (build) =>
    dress(new PanelBuilder(), options, build)
      .mergeValues(true)
      .showValue(VisibilityMode.Auto)
      .rowHeight(0.85)
      .fillOpacity(75)
      .perPage(20)
      .legend(
        new VizLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(LegendDisplayMode.List)
          .placement(LegendPlacement.Bottom)
          .calcs([]),
      ),
});
