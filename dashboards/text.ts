/** Every word on a dashboard stands here or beside its panel in both languages; a build speaks one of them. */

export const languages = ['de', 'en'] as const;
export type Language = (typeof languages)[number];

/** German, English. */
export type Text = readonly [de: string, en: string];

export const said = (text: Text, language: Language): string => text[languages.indexOf(language)] ?? text[0];

/** Words that more than one dashboard needs. */
export const words = {
  noData: ['keine Daten', 'no data'],
  dataSource: ['Datenquelle', 'Data source'],
  municipality: ['Gemeinde', 'Municipality'],
  site: ['Standort', 'Site'],
  name: ['Bezeichnung', 'Name'],
  thing: ['Messstelle', 'Measuring point'],
  device: ['Gerät', 'Device'],
  measuredAt: ['gemessen', 'measured'],
  age: ['Alter', 'Age'],
  stale: ['veraltet', 'stale'],
  fresh: ['aktuell', 'fresh'],
  state: ['Zustand', 'State'],
  today: ['heute', 'today'],
  console: ['Konsole', 'Console'],
  inConsole: ['In der Konsole öffnen', 'Open in the console'],
  dashboards: ['Dashboards', 'Dashboards'],
  longTerm: ['Langzeit (Stundenwerte, zwölf Monate)', 'Long term (hourly figures, twelve months)'],
  emptyings: ['Leerungen', 'Emptyings'],
  surges: ['Sturmfluten', 'Storm surges'],
  deployments: ['Gerätewechsel', 'Deployments'],
  begin: ['Beginn', 'Begin'],
  end: ['Ende', 'End'],
  when: ['Zeit', 'Time'],
} as const satisfies Record<string, Text>;
