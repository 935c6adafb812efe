import type { HubError } from '../model/errors.ts';

/** A coded error as lines for people: what is wrong, where, and what to write instead. */
export const failureText = ({ code, message, faults }: HubError): string => {
  const lines = faults.map((fault) => {
    const line = fault.line === undefined ? '' : `line ${fault.line}: `;
    const path = fault.path === '' ? '' : `${fault.path}: `;
    return `  ${line}${path}${fault.message}${fault.hint === undefined ? '' : ` (${fault.hint})`}`;
  });
  return [`${code}: ${message}`, ...lines].join('\n');
};
