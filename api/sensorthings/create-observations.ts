import { HubError } from '../../model/errors.ts';
import { badOption } from './faults.ts';
import { type Body, checkedBody, draft, isBody, type Plan } from './write-draft.ts';
import type { ObservationDraft } from './write-observation-draft.ts';
import { writeObservations } from './write-observations.ts';
import type { Writing } from './writing.ts';

/** Rows of one request. */
const MAX_ROWS = 20_000;

const names: Readonly<Record<string, string>> = { 'FeatureOfInterest/id': 'FeatureOfInterest' };

/**
 * Observations as rows of values (18-088 §12.2). Each row stands for itself: the answer says for each the address of
 * what was created, or `error` and why not.
 */
export const createObservations = async (writing: Writing, body: unknown): Promise<string[]> => {
  if (!Array.isArray(body))
    throw badOption('body', 'is no array', 'send [{"Datastream": …, "components": […], "dataArray": [[…]]}]');
  const { root } = writing.context();
  const groups = body.map((group, i) => rowsOf(group, `body[${i}]`));
  const rows = groups.flat();
  if (rows.length > MAX_ROWS)
    throw badOption('body', `holds more than ${MAX_ROWS} rows`, 'send them in several requests');
  const created = (await createRows(writing, rows)) ?? (await createEach(writing, groups));
  return created.map((answer) => (typeof answer === 'number' ? `${root}/Observations(${answer})` : answer));
};

interface RowBody {
  readonly body: Body;
  readonly path: string;
}

const rowsOf = (group: unknown, path: string): RowBody[] => {
  const { Datastream, components, dataArray } = checkedBody(group);
  if (!isBody(Datastream)) throw badOption(`${path}.Datastream`, 'is missing', 'write {"@iot.id": 1}');
  if (!Array.isArray(components) || !components.every((name) => typeof name === 'string')) {
    throw badOption(`${path}.components`, 'names no components', 'write ["phenomenonTime", "result"]');
  }
  if (!Array.isArray(dataArray))
    throw badOption(`${path}.dataArray`, 'is no array', 'write [["2026-03-02T07:15:31Z", 1]]');
  return dataArray.map((row: unknown, i): RowBody => {
    const at = `${path}.dataArray[${i}]`;
    if (!Array.isArray(row) || row.length !== components.length) {
      throw badOption(at, 'has not as many values as there are components', `write ${components.length} values`);
    }
    const body: Record<string, unknown> = { Datastream };
    for (const [j, name] of components.entries()) {
      const value: unknown = row[j];
      const known = names[name] ?? name;
      body[known] = known === 'FeatureOfInterest' && typeof value === 'number' ? { '@iot.id': value } : value;
    }
    return { body, path: at };
  });
};

/** All at once; undefined where one is at fault. */
const createRows = async (writing: Writing, rows: readonly RowBody[]): Promise<(number | string)[] | undefined> => {
  try {
    return await writeObservations(
      writing,
      rows.map((row) => readRow(writing, row)),
    );
  } catch (thrown) {
    return faultOf(thrown) === undefined ? Promise.reject(thrown) : undefined;
  }
};

/** What is wrong with a row; undefined where it is not the row's fault. */
const faultOf = (thrown: unknown): string | undefined =>
  thrown instanceof HubError && thrown.status < 500 ? thrown.message : undefined;

/** Group by group, and within one at fault row by row, so that what is right is stored. */
const createEach = async (writing: Writing, groups: readonly (readonly RowBody[])[]): Promise<(number | string)[]> => {
  const answers: (number | string)[] = [];
  for (const group of groups) {
    const all = groups.length > 1 ? await createRows(writing, group) : undefined;
    if (all) answers.push(...all);
    else for (const row of group) answers.push(await createRow(writing, row));
  }
  return answers;
};

const createRow = async (writing: Writing, row: RowBody): Promise<number | string> => {
  try {
    const [number = 0] = await writeObservations(writing, [readRow(writing, row)]);
    return number;
  } catch (thrown) {
    const fault = faultOf(thrown);
    if (fault === undefined) throw thrown;
    return `error ${fault}`;
  }
};

const readRow = (writing: Writing, { body, path }: RowBody): ObservationDraft => {
  const { graph, now } = writing.context();
  const plan: Plan = { entities: [], observations: [], changes: [] };
  draft({ plan, graph, now }, { set: 'Observations', body, path, given: {} });
  const [observation] = plan.observations;
  if (observation && plan.entities.length === 0) return observation;
  throw badOption(path, 'holds entities themselves', 'link them by {"@iot.id": 1}');
};
