import type { Observation } from '../../model/observation.ts';
import { qualityFlag } from '../../model/quality.ts';
import type { Device } from '../../model/registry.ts';
import type { EpochMs } from '../../model/time.ts';
import type { NetworkEvent } from '../../model/uplink.ts';
import type { DatastreamRegistrar } from '../datastream-registrar.ts';

/** Property and value that a network server's event says of a device's health. */
const factsOf = (event: NetworkEvent): [property: string, value: number][] => {
  if (event.kind === 'join') return [['joined', 1]];
  if (event.kind !== 'status') return [];
  const facts: [string, number][] = [];
  if (event.batteryPercent !== undefined) facts.push(['battery_level', event.batteryPercent]);
  if (event.marginDb !== undefined) facts.push(['link_margin', event.marginDb]);
  if (event.externalPower !== undefined) facts.push(['external_power', event.externalPower ? 1 : 0]);
  return facts;
};

/** Joins and status answers become observations of the device's own health. */
export const healthObservations = (
  event: NetworkEvent,
  {
    device,
    position,
    storedAt,
    registrar,
  }: { device: Device; position: number; storedAt: EpochMs; registrar: DatastreamRegistrar },
): Observation[] =>
  factsOf(event).map(([property, value]) => ({
    datastream: registrar.healthKey(device, property),
    phenomenonTime: event.receivedAt,
    value,
    flag: qualityFlag.pass,
    tests: 0,
    position,
    record: 0,
    receivedAt: event.receivedAt,
    storedAt,
  }));
