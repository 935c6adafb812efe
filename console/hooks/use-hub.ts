import { useEffect, useState } from 'preact/hooks';
import type { HubModel, HubState } from '../hub-model.ts';

export const useHub = (model: HubModel): HubState => {
  const [state, setState] = useState(model.state);
  useEffect(() => {
    setState(model.state);
    return model.subscribe(() => setState(model.state));
  }, [model]);
  return state;
};
