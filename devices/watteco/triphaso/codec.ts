import { binaryInput, commonAttributes, onOff, threePhaseMeter } from '../../formats/watteco-clusters.ts';
import { wattecoCodec } from '../../formats/watteco-zcl.ts';

const phases = ['a', 'b', 'c', 'abc'];
const byPhase = (quantity: string): [string, readonly string[]] => [quantity, phases.map((p) => `${quantity}_${p}`)];

const energies = ['energy', 'power'].flatMap((quantity) =>
  ['active', 'reactive'].flatMap((kind) => ['positive', 'negative'].map((sign) => `${sign}_${kind}_${quantity}`)),
);

export const codec = wattecoCodec({
  attributes: { ...commonAttributes, ...onOff, ...binaryInput, ...threePhaseMeter },
  endpoints: Object.fromEntries([...energies, 'vrms', 'irms', 'angle'].map(byPhase)),
});
