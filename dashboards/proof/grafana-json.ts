/** The parts of a dashboard's JSON that rules and proofs look at. */
export interface SourceRef {
  readonly type?: string;
  readonly uid?: string;
}
export interface TargetJson {
  readonly refId: string;
  readonly datasource?: SourceRef;
  readonly query?: string;
  readonly resultFormat?: string;
  readonly alias?: string;
  readonly textColumn?: string;
  readonly url?: string;
  readonly url_options?: { readonly params?: readonly { readonly key: string; readonly value: string }[] };
  readonly root_selector?: string;
  readonly columns?: readonly { readonly selector: string; readonly text: string; readonly type: string }[];
  readonly filterExpression?: string;
  readonly computed_columns?: readonly { readonly selector: string; readonly text: string; readonly type: string }[];
  readonly summarizeExpression?: string;
}
export interface OverrideJson {
  readonly matcher: { readonly id: string; readonly options?: unknown };
  readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
}
export interface PanelJson {
  readonly id?: number;
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly datasource?: SourceRef;
  readonly gridPos?: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly TargetJson[];
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly noValue?: string;
      readonly mappings?: readonly unknown[];
    };
    readonly overrides: readonly OverrideJson[];
  };
  readonly transformations?: readonly {
    readonly id: string;
    readonly filter?: { readonly id: string; readonly options?: unknown };
    readonly options: Readonly<Record<string, unknown>>;
  }[];
  readonly options?: unknown;
  readonly timeFrom?: string;
  readonly interval?: string;
  readonly collapsed?: boolean;
  readonly panels?: readonly PanelJson[];
  readonly links?: readonly { readonly title?: string; readonly url?: string }[];
}
export interface VariableJson {
  readonly type: string;
  readonly name: string;
  readonly label?: string;
  readonly description?: string;
  readonly datasource?: SourceRef;
  readonly query?: string | { readonly query?: string; readonly infinityQuery?: TargetJson };
  readonly multi?: boolean;
}
export interface DashboardJson {
  readonly uid?: string;
  readonly title?: string;
  readonly description?: string;
  readonly schemaVersion?: number;
  readonly id?: number | null;
  readonly time?: { readonly from: string; readonly to: string };
  readonly refresh?: string;
  readonly templating?: { readonly list?: readonly VariableJson[] };
  readonly annotations?: {
    readonly list?: readonly { readonly name: string; readonly datasource?: SourceRef; readonly target?: TargetJson }[];
  };
  readonly links?: readonly { readonly title?: string; readonly url?: string }[];
  readonly panels?: readonly PanelJson[];
}

/** Panels with those inside folded rows, rows themselves left out. */
export const panelsOf = ({ panels = [] }: DashboardJson): PanelJson[] =>
  panels.flatMap((panel) => (panel.type === 'row' ? [...(panel.panels ?? [])] : [panel]));
