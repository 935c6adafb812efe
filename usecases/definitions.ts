import type { Derivation } from '../store/derivation.ts';
import { surgeDerivation } from './coast/surge.ts';
import { emptyingDerivation } from './waste/emptying.ts';

/** Every use case's derivations, one line each; the engine runs them. */
export const useCaseDerivations: readonly Derivation[] = [emptyingDerivation, surgeDerivation];
