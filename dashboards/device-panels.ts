import { heardOf, names, newestOf } from './influxql.ts';
import type { PanelBrick } from './panels/panel.ts';
import { column, freshColumn, table } from './panels/table.ts';
import { words } from './text.ts';
import { batterySteps, STALE_HOURS } from './thresholds.ts';
import { unitOf } from './units.ts';

/** Things that stand for devices themselves; they have no place of their own. */
export const DEVICES = '"thing" =~ /^device-/';

/** The devices that will need a new battery first. */
export const weakBatteries = (id: number, size: readonly [number, number]): PanelBrick =>
  table({
    id,
    title: ['Schwächste Batterien', 'Weakest batteries'],
    about: [
      'Die 25 Geräte der Region mit der geringsten Restladung; unter 10 % tauschen, unter 25 % einplanen. Geräte, die nur eine Spannung melden, stehen unter „Netz und Gerätezustand“.',
      'The 25 devices of the region with the lowest charge; exchange below 10 %, plan below 25 %. Devices that report a voltage only are on “Network and device health”.',
    ],
    size,
    queries: [
      newestOf('battery_level', 'battery', { things: DEVICES }),
      names(DEVICES),
      heardOf('battery_level', STALE_HOURS, { things: DEVICES }),
    ],
    joinBy: 'thing',
    keep: 'battery',
    top: { count: 25, by: 'battery', descending: false },
    hidden: ['measured', 'site_name', 'municipality_name'],
    columns: [
      column('name', words.name),
      column('thing', words.device),
      column('battery', ['Ladung', 'Charge'], {
        unit: unitOf('battery_level'),
        decimals: 0,
        steps: batterySteps,
        cell: 'bar',
        max: 100,
      }),
      freshColumn(),
    ],
  });
