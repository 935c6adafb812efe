/** A ChirpStack v4 uplink of a Milesight EM400-TLD as the server publishes it (api/proto/integration/integration.proto), about 800 bytes. */
export interface UplinkFacts {
  readonly devEui: string;
  readonly fCnt: number;
  readonly time: number;
  readonly distanceMm?: number;
  readonly temperatureC?: number;
}

const APPLICATION = '17c82e96-be03-4f38-aef3-f83d48582d97';

export const devEuiOf = (n: number): string => `24e124ff${n.toString(16).padStart(8, '0')}`;

export const topicOf = (devEui: string): string => `application/${APPLICATION}/device/${devEui}/event/up`;

/** battery 92 %, temperature, distance, position normal. */
export const payloadOf = (distanceMm: number, temperatureC: number): Buffer => {
  const bytes = Buffer.from('01755c0367000004820000050000', 'hex');
  bytes.writeInt16LE(Math.round(temperatureC * 10), 5);
  bytes.writeUInt16LE(distanceMm, 9);
  return bytes;
};

export const uplinkBody = ({ devEui, fCnt, time, distanceMm = 1000, temperatureC = 20 }: UplinkFacts): Buffer => {
  const at = new Date(time).toISOString().replace('Z', '000000+00:00');
  const id = `${devEui.slice(8)}-${(fCnt & 0xffff).toString(16).padStart(4, '0')}-4b8d-9386-${time.toString(16).padStart(12, '0').slice(-12)}`;
  return Buffer.from(
    JSON.stringify({
      deduplicationId: id,
      time: at,
      deviceInfo: {
        tenantId: '52f14cd4-c6f1-4fbd-8f87-4025e1d49242',
        tenantName: 'Landkreis',
        applicationId: APPLICATION,
        applicationName: 'Abfall',
        deviceProfileId: '14855bf7-d10d-4aee-b618-ebfcb64dc7ad',
        deviceProfileName: 'EM400-TLD EU868',
        deviceName: `Container ${devEui.slice(-4)}`,
        devEui,
        deviceClassEnabled: 'CLASS_A',
        tags: { asset: 'glas' },
      },
      devAddr: `01${devEui.slice(-6)}`,
      adr: true,
      dr: 5,
      fCnt,
      fPort: 85,
      confirmed: false,
      data: payloadOf(distanceMm, temperatureC).toString('base64'),
      rxInfo: [
        {
          gatewayId: '24e124fffef00001',
          uplinkId: 24022,
          nsTime: at,
          rssi: -97,
          snr: 7.2,
          channel: 2,
          rfChain: 1,
          crcStatus: 'CRC_OK',
        },
      ],
      txInfo: {
        frequency: 868500000,
        modulation: { lora: { bandwidth: 125000, spreadingFactor: 7, codeRate: 'CR_4_5' } },
      },
      regionConfigId: 'eu868',
    }),
  );
};
