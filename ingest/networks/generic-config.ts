import { z } from 'zod';
import { pathFault } from './json-path.ts';

const path = z
  .string()
  .max(500)
  .superRefine((text, context) => {
    const fault = pathFault(text);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: `is no JSONPath (RFC 9535): ${fault}` });
  });

/** Where the messages of a network server that the hub does not know have what it needs; JSONPath, the first hit counts. */
export const genericConfigSchema = z.strictObject({
  devEui: path.describe('DevEUI, with or without dashes or colons, e.g. $.device.eui'),
  fPort: path.describe('LoRaWAN port, a number or digits'),
  payload: path.describe('Application payload, decrypted; where it finds nothing, the message is ignored'),
  payloadEncoding: z.enum(['hex', 'base64']).default('hex').describe('How the payload is written'),
  time: path.optional().describe('When the network server heard the frame; absent: when the message arrived'),
  timeFormat: z
    .enum(['rfc3339', 'unixSeconds', 'unixMilliseconds'])
    .default('rfc3339')
    .describe('How the time is written'),
  fCnt: path.optional().describe('Uplink frame counter; absent: 0, and equal frames within ten minutes count as one'),
  deviceName: path.optional().describe('Name of the device'),
  gatewayId: path.optional().describe('Gateway; with several hits each goes with the signal of the same place'),
  rssi: path.optional().describe('Signal strength in dBm'),
  snr: path.optional().describe('Signal to noise ratio in dB'),
  decoded: path.optional().describe('Object with what the network server decoded'),
  event: z
    .strictObject({
      path: path.describe('What tells uplinks from other messages, e.g. $.type'),
      uplink: z
        .array(z.string().max(100))
        .min(1)
        .max(20)
        .describe('Its values for uplinks; other messages are ignored'),
    })
    .optional()
    .describe('For network servers that send other messages than uplinks too'),
});
export type GenericConfig = z.infer<typeof genericConfigSchema>;
