import { type Command, Option } from 'commander';
import { normalizeDevEui } from './dev-eui.ts';
import { allPages } from './pages.ts';
import { formatJson, formatTable } from './table.ts';
import { expectOk, type WithHub } from './with-hub.ts';

interface Device {
  readonly id: string;
  readonly name?: string;
  readonly profile: string;
  readonly status: string;
  readonly lastSeen?: string;
  readonly batteryPercent?: number;
  readonly batteryV?: number;
  readonly things: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
}

interface Deployment {
  readonly id: string;
  readonly thing: string;
  readonly from: string;
  readonly to: string | null;
}

interface ListOptions {
  readonly profile?: string;
  readonly thing?: string;
  readonly municipality?: string;
  readonly status?: string;
  readonly json?: boolean;
}

export const register = (program: Command, hub: WithHub): void => {
  const devices = program.command('devices').description('Registered devices and how they fare');

  devices
    .command('list')
    .description('List registered devices')
    .option('--profile <vendor/model>', 'only of this profile')
    .option('--thing <id>', 'only those deployed at this thing, now or once')
    .option('--municipality <id>', 'only those deployed in this municipality, now or once')
    .addOption(new Option('--status <status>', 'only in this state').choices(['active', 'silent', 'never']))
    .option('--json', 'print the list as JSON')
    .action(async ({ json, ...filters }: ListOptions) => {
      const query = new URLSearchParams({ limit: '1000', ...filters });
      const found = await hub((call) => allPages<Device>(call, `/api/v1/devices?${query.toString()}`));
      const head = ['DEVICE', 'PROFILE', 'STATUS', 'LAST SEEN', 'BATTERY', 'THINGS'];
      const rows = found.map((one) => [
        one.id,
        one.profile,
        one.status,
        one.lastSeen ?? '-',
        batteryOf(one),
        one.things.join(', ') || '-',
      ]);
      process.stdout.write(json ? formatJson(found) : formatTable(head, rows));
    });

  devices
    .command('show')
    .description('Show one device with its deployments')
    .argument('<devEui>', '16 hexadecimal digits')
    .option('--json', 'print it as JSON')
    .action(async (devEui: string, { json }: { json?: boolean }) => {
      const id = normalizeDevEui(devEui);
      const { device, deployments } = await hub(async (call) => ({
        device: expectOk(await call('GET', `/api/v1/devices/${encodeURIComponent(id)}`)) as Device,
        deployments: await allPages<Deployment>(call, `/api/v1/deployments?device=${encodeURIComponent(id)}`),
      }));
      process.stdout.write(json ? formatJson({ ...device, deployments }) : describeDevice(device, deployments));
    });
};

const batteryOf = ({ batteryPercent, batteryV }: Device): string => {
  if (batteryPercent !== undefined) return `${batteryPercent} %`;
  return batteryV === undefined ? '-' : `${batteryV} V`;
};

const describeDevice = (device: Device, deployments: readonly Deployment[]): string => {
  const lines = [
    `device     ${device.id}`,
    `name       ${device.name ?? '-'}`,
    `profile    ${device.profile}`,
    `status     ${device.status}`,
    `last seen  ${device.lastSeen ?? '-'}`,
    `battery    ${batteryOf(device)}`,
    ...Object.entries(device.parameters).map(([name, value]) => `parameter  ${name} = ${String(value)}`),
  ];
  const rows = deployments.map(({ id, thing, from, to }) => [id, thing, from, to ?? 'now']);
  const table = rows.length > 0 ? `\n${formatTable(['DEPLOYMENT', 'THING', 'FROM', 'TO'], rows)}` : '\nnot deployed\n';
  return `${lines.join('\n')}\n${table}`;
};
