/** What may stand in front of a secret, and the secret. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // A token of ours keeps its id, by which it can be revoked.
  [/\bplt_([0-9a-f]{16})_[\w-]{10,}/g, 'plt_$1_(hidden)'],
  // A JSON Web Token begins with {" in base64.
  [/\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?/g, '(hidden)'],
  [/\b(Bearer|Basic)((?: |%20|\+)+)(?!\(hidden\))[\w.~+/=%-]{8,}/gi, '$1$2(hidden)'],
];

/** A text without the tokens in it, wherever they came from. */
export const hideTokens = (text: string): string =>
  SECRETS.reduce((hidden, [pattern, instead]) => hidden.replace(pattern, instead), text);
