import type { Command } from 'commander';
import { z } from 'zod';
import { type Catalogue, loadCatalogue } from '../devices/catalogue.ts';
import { asHubError, HubError } from '../model/errors.ts';
import { parseJsonOption } from './frame-request.ts';
import { answerLines, failure } from './ndjson.ts';

const requestSchema = z.strictObject({ profile: z.string().min(1), data: z.looseObject({}) });

/** Exit codes: 0 encoded, 1 the model does not take this, 2 usage. A batch ends with 0. */
export const register = (program: Command): void => {
  program
    .command('encode')
    .description('Encode a command or setting for a device model, as the hub would send it; nothing is sent')
    .option('--profile <id>', 'device profile, vendor/model or vendor-model')
    .option('--data <json>', 'what the device shall do, e.g. {"report_interval":600}')
    .option('--batch', 'read NDJSON {profile,data} from standard input, write one result a line')
    .action(async (options: { profile?: string; data?: string; batch?: boolean }, command: Command) => {
      const catalogue = await loadCatalogue();
      if (options.batch) {
        return answerLines(process.stdin, process.stdout, (request) => answerRequest(request, catalogue));
      }
      const refuse = (message: string): never => command.error(`error: ${message}`, { exitCode: 2 });
      const {
        profile = refuse('name the device profile: --profile decentlab/dl-mbx'),
        data = refuse('give the --data'),
      } = options;
      const answer = answerRequest(
        { profile, data: parseJsonOption(data, { name: '--data', example: '{"report_interval":600}', refuse }) },
        catalogue,
      );
      process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
      if ('errors' in answer) process.exitCode = 1;
    });
};

type Answer = { readonly fPort: number; readonly hex: string } | ReturnType<typeof failure>;

const answerRequest = (request: unknown, catalogue: Catalogue): Answer => {
  const parsed = requestSchema.safeParse(request);
  if (!parsed.success) return failure(new HubError('HUB_REQUEST_INVALID', z.prettifyError(parsed.error)));
  const entry = catalogue.get(parsed.data.profile);
  if (!entry) {
    const detail = `No device profile "${parsed.data.profile}"; \`profiles list\` names them`;
    return failure(new HubError('HUB_CODEC_UNKNOWN_PROFILE', detail));
  }
  if (!entry.downlink)
    return failure(new HubError('HUB_CODEC_NO_DOWNLINK', `${entry.profile.id} takes no downlinks here`));
  try {
    const { fPort, bytes } = entry.downlink.encodeDownlink(parsed.data.data);
    return { fPort, hex: bytes.toHex() };
  } catch (thrown) {
    return failure(asHubError(thrown, 'HUB_CODEC_FAILED'));
  }
};
