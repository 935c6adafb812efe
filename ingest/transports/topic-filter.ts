/** MQTT topic filters, MQTT 3.1.1 §4.7: levels parted by `/`, `+` for one level, `#` at the end for any number. */
export type TopicFilter = readonly string[];

export const parseFilter = (filter: string): TopicFilter => filter.split('/');

/** Whether a topic belongs to a filter. */
export const matches = (filter: TopicFilter, topic: string): boolean => matchesLevels(filter, topic.split('/'));

/** The same for a topic that was cut at its slashes already. */
export const matchesLevels = (filter: TopicFilter, levels: readonly string[]): boolean => {
  // §4.7.2: a wildcard at the beginning leaves out topics that begin with $
  if (levels[0]?.startsWith('$') && filter[0] !== levels[0]) return false;
  for (let i = 0; i < filter.length; i++) {
    const level = filter[i];
    if (level === '#') return true;
    if (i >= levels.length || (level !== '+' && level !== levels[i])) return false;
  }
  return filter.length === levels.length;
};

/** Whether every topic that belongs to `narrow` belongs to `wide` as well. */
export const covers = (wide: TopicFilter, narrow: TopicFilter): boolean => {
  for (let i = 0; i < wide.length; i++) {
    const level = wide[i];
    if (level === '#') return true;
    const other = narrow[i];
    if (other === undefined || other === '#' || (level !== '+' && level !== other)) return false;
  }
  return wide.length === narrow.length;
};

export interface SharedFilter {
  /** Name of the group of a shared subscription `$share/{group}/{filter}`, MQTT 5 §4.8.2. */
  readonly group?: string;
  readonly filter: TopicFilter;
}

export const parseSharedFilter = (text: string): SharedFilter => {
  const levels = parseFilter(text);
  const [marker, group, ...filter] = levels;
  return marker === '$share' && group ? { group, filter } : { filter: levels };
};
