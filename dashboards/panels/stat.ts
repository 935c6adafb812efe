import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { dress, type PanelBrick, type PanelOptions } from './panel.ts';

interface StatOptions extends PanelOptions {
  /** What of a series is shown; default its last value. */
  readonly reduce?: 'lastNotNull' | 'sum' | 'mean' | 'max' | 'count';
  /** Which columns of a table, as a regular expression; default every number. */
  readonly fields?: string;
  /** One tile per series with its name, rather than one figure. */
  readonly named?: boolean;
  readonly graph?: boolean;
}

/** Big figures, readable from the other side of the room: colour fills the tile. */
export const stat = (options: StatOptions): PanelBrick => ({
  width: options.size[0],
  height: options.size[1],
  build: (build) =>
    dress(new PanelBuilder(), options, build)
      .colorMode(BigValueColorMode.Background)
      .graphMode(options.graph ? BigValueGraphMode.Area : BigValueGraphMode.None)
      .textMode(options.named ? BigValueTextMode.ValueAndName : BigValueTextMode.Value)
      .orientation(VizOrientation.Auto)
      .reduceOptions(
        new ReduceDataOptionsBuilder()
          .calcs([options.reduce ?? 'lastNotNull'])
          .values(false)
          .fields(options.fields ?? ''),
      ),
});
